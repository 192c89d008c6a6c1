package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PulledBodyTest {
    private final PulledBody body = new PulledBody();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicInteger cancelled = new AtomicInteger();

    private final Flow.Subscription connection = new Flow.Subscription() {
        @Override
        public void request(long n) {
            asked.addAndGet(n);
        }

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    };

    private void comes(String... texts) {
        for (String text : texts) {
            body.onNext(List.of(ByteBuffer.wrap(text.getBytes(UTF_8)).asReadOnlyBuffer()));
        }
    }

    @Test
    void givesWhatCameInItsOrderAndThenTheEnd() throws IOException {
        body.onSubscribe(connection);
        comes("one ", "", "two ", "three");
        body.onComplete();

        assertThat(new String(body.readAllBytes(), UTF_8)).isEqualTo("one two three");
        assertThat(body.read()).isEqualTo(-1);
        assertThat(body.read()).as("and again").isEqualTo(-1);
    }

    @Test
    void asksForMoreOnlyAsItIsRead() throws IOException {
        body.onSubscribe(connection);
        long ahead = asked.get();
        assertThat(ahead).as("buffers at once").isBetween(1L, 16L);

        for (int read = 1; read <= 100; read++) {
            comes("x");
            assertThat(body.read()).isEqualTo('x');
            assertThat(asked.get() - read).as("buffers that may come").isBetween(1L, ahead);
        }
    }

    @Test
    void failureOfTheConnectionIsToldAfterWhatCame() throws IOException {
        body.onSubscribe(connection);
        comes("ab");
        body.onError(new IOException("reset"));

        assertThat(body.readNBytes(2)).hasSize(2);
        assertThatIOException().isThrownBy(body::read).withMessageContaining("reset");
        assertThatIOException().as("and again").isThrownBy(body::read);
    }

    @Test
    void closingBreaksTheAnswerOff() {
        body.onSubscribe(connection);
        comes("ab");
        body.close();

        assertThat(cancelled).hasPositiveValue();
        assertThatIOException().isThrownBy(body::read).withMessageContaining("closed");
    }

    @Test
    void answerThatBeginsAfterClosingIsBrokenOff() {
        body.close();
        body.onSubscribe(connection);

        assertThat(cancelled).hasPositiveValue();
        assertThat(asked).hasValue(0);
    }

    @Test
    void closingEndsAThreadThatReads() throws Exception {
        body.onSubscribe(connection);
        FutureTask<Integer> reading = new FutureTask<>(() -> body.read());
        Thread reader = Thread.ofVirtual().start(reading);
        long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (reader.getState() != Thread.State.WAITING && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        assertThat(reader.getState()).isEqualTo(Thread.State.WAITING);

        body.close();

        assertThat(reading)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(IOException.class)
                .withMessageContaining("closed");
    }
}
