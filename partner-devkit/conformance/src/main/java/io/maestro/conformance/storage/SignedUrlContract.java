package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.SignUrl.Access;
import io.maestro.adapter.spi.storage.SignedUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Signed URLs let their holder do what they say, for as long as they say; or the adapter says that there are none. */
abstract class SignedUrlContract extends StorageContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    SignedUrlContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void holderReads() throws Exception {
        put("folder/a b+c.txt", "signed content");
        if (refusedAsUnsupported()) {
            return;
        }
        HttpResponse<String> got = get(signed("folder/a b+c.txt", Access.READ, 60));
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("signed content");
    }

    @Test
    void holderWrites() throws Exception {
        if (refusedAsUnsupported()) {
            return;
        }
        assertThat(write(signed("new/é", Access.WRITE, 60), "by a holder")).isBetween(200, 299);
        assertThat(read("new/é")).isEqualTo("by a holder");
    }

    @Test
    void accessOfTheOtherKindIsRefused() throws Exception {
        put("one", "1");
        if (refusedAsUnsupported()) {
            return;
        }
        assertThat(write(signed("one", Access.READ, 60), "overwritten")).isBetween(400, 499);
        assertThat(read("one")).isEqualTo("1");
    }

    @Test
    void urlOfAnotherObjectOrWithAnotherSignatureIsRefused() throws Exception {
        put("one", "1");
        put("two", "2");
        if (refusedAsUnsupported()) {
            return;
        }
        String url = signed("one", Access.READ, 60).toString();
        String query = url.substring(url.indexOf('?'));
        String other = signed("one", Access.READ, 6000).toString();
        for (String bad : List.of(
                url.replace("/one?", "/two?"),
                // the expiry of one with the signature of the other: all that differs is mixed
                mixed(url, other),
                url.substring(0, url.length() - query.length()))) {
            assertThat(bad).isNotEqualTo(url).isNotEqualTo(other);
            assertThat(get(URI.create(bad)).statusCode()).as(bad).isBetween(400, 499);
        }
        assertThat(get(URI.create(url)).statusCode()).isEqualTo(200);
    }

    /** The first parameter in which they differ from the other one, the rest from this one. */
    private static String mixed(String one, String other) {
        int query = one.indexOf('?') + 1;
        String[] mine = one.substring(query).split("&", -1);
        String[] theirs = other.substring(other.indexOf('?') + 1).split("&", -1);
        for (int i = 0; i < mine.length; i++) {
            if (!mine[i].equals(theirs[i])) {
                mine[i] = theirs[i];
                break;
            }
        }
        return one.substring(0, query) + String.join("&", mine);
    }

    @Test
    void expiryIsTheChosenOne() throws IOException {
        if (refusedAsUnsupported()) {
            return;
        }
        for (int seconds : List.of(1, 60, 604_800)) {
            Instant now = InstantSource.system().instant();
            SignedUrl url = storage().signedUrl(call(), new SignUrl("key", Access.READ, seconds));
            assertThat(url.expiresAt())
                    .isBetween(
                            now.plusSeconds(seconds).minusSeconds(2),
                            InstantSource.system().instant().plusSeconds(seconds + 1L));
        }
    }

    @Test
    void expiredUrlIsRefused() throws Exception {
        put("brief", "x");
        if (refusedAsUnsupported()) {
            return;
        }
        URI url = signed("brief", Access.READ, 1);
        long limit = System.nanoTime() + PATIENCE.toNanos();
        int status = get(url).statusCode();
        while (status == 200 && System.nanoTime() < limit) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            status = get(url).statusCode();
        }
        assertThat(status).isBetween(400, 499);
    }

    @Test
    void urlIsNotPrinted() throws IOException {
        if (refusedAsUnsupported()) {
            return;
        }
        SignedUrl url = storage().signedUrl(call(), new SignUrl("key", Access.READ, 60));
        assertThat(url.toString()).doesNotContain(url.url().getRawQuery());
        assertThat(context().logged()).noneMatch(line -> line.contains(url.url().getRawQuery()));
    }

    @Test
    void keyAndExpiryOutOfBoundsAreRefused() {
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> storage().signedUrl(call(), new SignUrl("a", Access.READ, 0)));
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> storage().signedUrl(call(), new SignUrl("a", Access.READ, 604_801)));
        refused(
                StorageProblem.OBJECT_KEY_INVALID,
                () -> storage().signedUrl(call(), new SignUrl("../a", Access.READ, 60)));
    }

    /** Whether the storage has no signed URLs; then it has to say so. */
    private boolean refusedAsUnsupported() {
        if (offers(StorageFixture.Offer.SIGNED_URLS)) {
            return false;
        }
        for (Access access : Access.values()) {
            refused(
                    StorageProblem.STORAGE_UNSUPPORTED,
                    () -> storage().signedUrl(call(), new SignUrl("key", access, 60)));
        }
        return true;
    }

    private URI signed(String key, Access access, int seconds) {
        SignedUrl url = storage().signedUrl(call(), new SignUrl(key, access, seconds));
        assertThat(url.method()).isEqualTo(access == Access.READ ? "GET" : "PUT");
        return url.url();
    }

    private static HttpResponse<String> get(URI url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url).build());
    }

    private int write(URI url, String text) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).PUT(BodyPublishers.ofString(text));
        fixture().headersOfSignedWrite().forEach(request::header);
        return send(request.build()).statusCode();
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
