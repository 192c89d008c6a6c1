package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is deleted is gone, and only that. */
abstract class DeleteContract extends StorageContract {
    DeleteContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void deletesTwiceWithoutFailure() {
        put("gone", "x");
        assertThat(storage().deleteObject(call(), new DeleteObject("gone")).key())
                .isEqualTo("gone");
        assertThat(storage().deleteObject(call(), new DeleteObject("gone")).key())
                .isEqualTo("gone");
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().getObject(call(), new GetObject("gone")));
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void deletesNothingBelowOrBeside() throws IOException {
        put("folder/a", "a");
        put("folder/ab", "ab");
        storage().deleteObject(call(), new DeleteObject("folder"));
        storage().deleteObject(call(), new DeleteObject("folder/"));
        storage().deleteObject(call(), new DeleteObject("folder/a"));
        assertThat(read("folder/ab")).isEqualTo("ab");
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void keyCanBeUsedAgain() throws IOException {
        put("again", "first");
        storage().deleteObject(call(), new DeleteObject("again"));
        put(ifAbsent("again"), new byte[0]);
        assertThat(read("again")).isEmpty();
    }
}
