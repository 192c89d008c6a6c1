package io.maestro.adapter.spi.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.maestro.adapter.spi.Content;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Sha256Test {
    private static final String RIGHT = "right content";
    private static final String WRONG = "wrong content";

    @ParameterizedTest
    @ValueSource(strings = {"", RIGHT})
    void rightContentPasses(String text) throws IOException {
        for (OptionalLong length : lengths(text)) {
            InputStream bytes =
                    Sha256.checked(put(sha256(text)), content(text, length)).bytes();
            assertThat(bytes.readAllBytes()).isEqualTo(text.getBytes(UTF_8));
            assertThat(bytes.read()).isEqualTo(-1);
        }
    }

    @Test
    void nobodyReadsTheEndOfOtherContentAndTheProblemNamesBothDigests() {
        for (OptionalLong length : lengths(WRONG)) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            InputStream bytes =
                    Sha256.checked(put(sha256(RIGHT)), content(WRONG, length)).bytes();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> {
                        // as an adapter reads that was told the length: never behind it
                        for (int left = WRONG.length(); left > 0; left--) {
                            read.write(bytes.read());
                        }
                        assertThat(bytes.read()).isEqualTo(-1);
                    })
                    .satisfies(e -> {
                        assertThat(e.problem().code()).isEqualTo("storage-digest-mismatch");
                        assertThat(e.problem().detail()).contains(sha256(RIGHT)).contains(sha256(WRONG));
                    });
            if (length.isPresent()) {
                assertThat(read.size()).as("bytes that were given").isLessThan(WRONG.length());
            }
            assertThatExceptionOfType(ProblemException.class).as("from then on").isThrownBy(bytes::read);
        }
    }

    @Test
    void otherDigestOfNothingIsNoticedBeforeAnythingIsRead() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Sha256.checked(put(sha256(RIGHT)), content("", OptionalLong.of(0))));
    }

    @Test
    void contentThatEndsEarlyIsTheAdaptersToName() throws IOException {
        InputStream bytes = Sha256.checked(put(sha256(RIGHT)), content("right", OptionalLong.of(RIGHT.length())))
                .bytes();
        assertThat(bytes.readAllBytes()).isEqualTo("right".getBytes(UTF_8));
    }

    @Test
    void contentIsCheckedOnce() {
        PutObject put = put(sha256(RIGHT));
        Content once = Sha256.checked(put, content(RIGHT, OptionalLong.empty()));
        assertThat(Sha256.checked(put, once)).isSameAs(once);
        assertThat(Sha256.checked(put(sha256(WRONG)), once)).isNotSameAs(once);
        assertThat(Sha256.checked(put(null), once)).isSameAs(once);
    }

    @Test
    void whatWasStoredIsReadToItsEnd() throws IOException {
        for (String text : new String[] {"", RIGHT}) {
            InputStream bytes = Sha256.verified(stored(text, sha256(text)), stream(text));
            assertThat(bytes.readAllBytes()).isEqualTo(text.getBytes(UTF_8));
            assertThat(bytes.read()).isEqualTo(-1);
        }
        assertThat(Sha256.verified(stored(WRONG, null), stream(WRONG)).readAllBytes())
                .isEqualTo(WRONG.getBytes(UTF_8));
    }

    @Test
    void lastBytesOfSomethingElseAreNeverGiven() throws IOException {
        InputStream bytes = Sha256.verified(stored(RIGHT, sha256(RIGHT)), stream(WRONG));
        assertThat(bytes.readNBytes(WRONG.length() - 1)).hasSize(WRONG.length() - 1);
        assertThatIOException().isThrownBy(bytes::read).withMessageContaining(sha256(WRONG));
        assertThatIOException().as("from then on").isThrownBy(bytes::read);
        assertThatIOException()
                .isThrownBy(() ->
                        Sha256.verified(stored("", sha256(RIGHT)), stream("")).readAllBytes());
        assertThatIOException()
                .isThrownBy(() -> Sha256.verified(stored(RIGHT, sha256(RIGHT)), stream(WRONG))
                        .skipNBytes(WRONG.length()));
    }

    @Test
    void contentThatGoesOnBehindTheObjectIsAFailure() throws IOException {
        String longer = RIGHT + "!";
        assertThatIOException()
                .isThrownBy(() -> Sha256.verified(stored(RIGHT, sha256(RIGHT)), stream(longer))
                        .readAllBytes());
        InputStream inSteps = Sha256.verified(stored(RIGHT, sha256(RIGHT)), stream(longer));
        assertThat(inSteps.readNBytes(RIGHT.length())).isEqualTo(RIGHT.getBytes(UTF_8));
        assertThatIOException().isThrownBy(inSteps::read);
    }

    @Test
    void closesWhatItReads() throws IOException {
        boolean[] closed = {false};
        InputStream content = new ByteArrayInputStream(new byte[1]) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        Sha256.verified(stored("x", sha256("x")), content).close();
        assertThat(closed[0]).isTrue();
    }

    private static OptionalLong[] lengths(String text) {
        return new OptionalLong[] {OptionalLong.empty(), OptionalLong.of(text.length())};
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static Content content(String text, OptionalLong length) {
        return new Content(stream(text), length);
    }

    private static PutObject put(@Nullable String sha256) {
        return new PutObject("key", null, null, null, null, sha256);
    }

    private static StoredObject stored(String text, @Nullable String sha256) {
        return new StoredObject("key", text.length(), "e", "text/plain", Instant.EPOCH, Map.of(), sha256);
    }

    private static String sha256(String text) {
        return Digest.sha256(text).hex();
    }
}
