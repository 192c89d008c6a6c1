package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.conformance.UnresponsivePeer;
import io.maestro.model.Retry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What goes wrong outside is told as what it is. */
abstract class RefusalContract extends StorageContract {
    RefusalContract(StorageKit kit) {
        super(kit);
    }

    /** A put, small and large, and one of each of the others that ask the outside system. */
    static List<ThrowingCallable> acts(ObjectStorage storage) {
        return List.of(
                () -> storage.putObject(call(), PutObject.of("there"), content(new byte[100])),
                () -> storage.putObject(call(), PutObject.of("there"), content(new byte[1_000_000])),
                () -> storage.getObject(call(), new GetObject("there")),
                () -> storage.headObject(call(), new HeadObject("there")),
                () -> storage.list(call(), new ListObjects(null, null, null)),
                () -> storage.deleteObject(call(), new DeleteObject("there")));
    }

    @Test
    void wrongCredentialsAreAccessDenied() throws IOException {
        put("there", "x");
        Map<String, ?> wrong = fixture().wrongCredentials(place());
        if (wrong == null) {
            assertThat(manifest().secrets()).isEmpty();
            return;
        }
        try (ObjectStorage stranger = opened(wrong)) {
            for (ThrowingCallable act : acts(stranger)) {
                assertThat(refused(StorageProblem.STORAGE_ACCESS_DENIED, act).retry())
                        .isInstanceOf(Retry.Never.class);
            }
            assertThat(stranger.health()).isInstanceOf(Health.Down.class);
        }
        assertThat(read("there")).isEqualTo("x");
    }

    @Test
    void missingContainerIsNotAMissingObject() throws IOException {
        Map<String, ?> missing = fixture().containerMissing(place());
        if (missing == null) {
            assertThat(manifest().asksForNetwork()).isFalse();
            return;
        }
        try (ObjectStorage nowhere = opened(missing)) {
            List<ThrowingCallable> acts = acts(nowhere);
            // but for the deletion: what is not there is deleted already, and some systems say so before they look
            for (ThrowingCallable act : acts.subList(0, acts.size() - 1)) {
                refused(StorageProblem.STORAGE_CONTAINER_MISSING, act);
            }
            assertThat(nowhere.health()).isInstanceOf(Health.Down.class);
        }
    }

    @Test
    void nobodyThereIsUnreachableAndMayBeTriedAgain() throws IOException {
        Map<String, ?> elsewhere = fixture().elsewhere(place(), UnresponsivePeer.nowhere());
        if (elsewhere == null) {
            assertThat(manifest().asksForNetwork()).isFalse();
            return;
        }
        try (ObjectStorage lonely = opened(elsewhere)) {
            for (ThrowingCallable act : acts(lonely)) {
                assertThat(refused(StorageProblem.STORAGE_UNREACHABLE, act).retry())
                        .isInstanceOf(Retry.After.class);
            }
        }
    }
}
