package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Instances of different tenants, from one factory, have nothing in common. */
abstract class IsolationContract extends StorageContract {
    IsolationContract(StorageKit kit) {
        super(kit);
    }

    private ObjectStorage ofAnotherTenant() throws Exception {
        return opened(context(Scope.of("globex", "prod"), fixture().emptyPlace()));
    }

    private static void put(ObjectStorage storage, String key, String text) {
        storage.putObject(call(), PutObject.of(key), content(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void sameKeyIsAnotherObjectForAnotherTenant() throws Exception {
        try (ObjectStorage other = ofAnotherTenant()) {
            put("shared", "of acme");
            refused(StorageProblem.OBJECT_NOT_FOUND, () -> other.getObject(call(), new GetObject("shared")));
            put(other, "shared", "of globex");
            assertThat(read("shared")).isEqualTo("of acme");
            assertThat(read(other, "shared")).isEqualTo("of globex");
        }
    }

    @Test
    void listsAndDeletionsKeepToTheirTenant() throws Exception {
        try (ObjectStorage other = ofAnotherTenant()) {
            put("a", "of acme");
            put("shared", "of acme");
            put(other, "shared", "of globex");
            other.deleteObject(call(), new DeleteObject("a"));
            assertThat(other.list(call(), new ListObjects(null, null, null)).objects())
                    .extracting(ObjectList.Entry::key)
                    .containsExactly("shared");
            other.deleteObject(call(), new DeleteObject("shared"));
            assertThat(list(null, null, null).objects())
                    .extracting(ObjectList.Entry::key)
                    .containsExactly("a", "shared");
        }
    }

    @Test
    void oneGoesOnWhenAnotherIsClosed() throws Exception {
        put("kept", "x");
        ofAnotherTenant().close();
        assertThat(read("kept")).isEqualTo("x");
        assertThat(storage().health()).isEqualTo(new Health.Up());
    }

    @Test
    void troubleOfOneIsNotTroubleOfAnother() throws IOException {
        var wrong = fixture().wrongCredentials(place());
        if (wrong == null) {
            assertThat(manifest().secrets()).isEmpty();
            return;
        }
        put("kept", "x");
        try (ObjectStorage stranger = opened(context(Scope.of("globex", "prod"), wrong))) {
            refused(StorageProblem.STORAGE_ACCESS_DENIED, () -> stranger.getObject(call(), new GetObject("kept")));
            assertThat(read("kept")).isEqualTo("x");
            refused(StorageProblem.STORAGE_ACCESS_DENIED, () -> stranger.getObject(call(), new GetObject("kept")));
        }
    }
}
