package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.conformance.UnresponsivePeer;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** An instance opens, tells how it is, and ends. */
abstract class LifecycleContract extends StorageContract {
    private static final int SIZE = 5_000_000;

    LifecycleContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void isUpWhenItsOutsideSystemAnswers() {
        assertThat(storage().health()).isEqualTo(new Health.Up());
    }

    @Test
    void opensBeforeItsOutsideSystemIsThereAndSaysThatItIsDown() throws IOException {
        Map<String, ?> nowhere = fixture().elsewhere(place(), UnresponsivePeer.nowhere());
        if (nowhere == null) {
            assertThat(manifest().asksForNetwork()).isFalse();
            return;
        }
        try (ObjectStorage lonely = opened(nowhere)) {
            assertThat(lonely.health())
                    .isInstanceOfSatisfying(
                            Health.Down.class, down -> assertThat(down.reason()).isNotBlank());
        }
    }

    @Test
    void refusesEverythingOnceClosed() {
        put("kept", "x");
        ObjectStorage closed = storage();
        close();
        refused(StorageProblem.STORAGE_CLOSED, () -> put("kept", "y"));
        refused(StorageProblem.STORAGE_CLOSED, () -> closed.getObject(call(), new GetObject("kept")));
        refused(StorageProblem.STORAGE_CLOSED, () -> closed.headObject(call(), new HeadObject("kept")));
        refused(StorageProblem.STORAGE_CLOSED, () -> list(null, null, null));
        refused(StorageProblem.STORAGE_CLOSED, () -> closed.deleteObject(call(), new DeleteObject("kept")));
        refused(
                StorageProblem.STORAGE_CLOSED,
                () -> closed.signedUrl(call(), new SignUrl("kept", SignUrl.Access.READ, 1)));
        assertThat(closed.health()).isInstanceOf(Health.Down.class);
    }

    @Test
    void closingEndsReading() {
        storage()
                .putObject(
                        call(), PutObject.of("read"), new Content(GeneratedContent.of(1, SIZE), OptionalLong.of(SIZE)));
        OpenObject open = storage().getObject(call(), new GetObject("read"));
        close();
        assertThatIOException().isThrownBy(() -> open.content().readAllBytes());
    }

    @Test
    void objectsOutliveTheInstance() throws IOException {
        put("kept/é", "content");
        close();
        // the same context: what an instance keeps in its folder is there again
        try (ObjectStorage again = opened(context())) {
            assertThat(read(again, "kept/é")).isEqualTo("content");
        }
    }
}
