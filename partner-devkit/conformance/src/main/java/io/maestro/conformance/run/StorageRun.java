package io.maestro.conformance.run;

import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The kit of storage over a packed adapter and a described peer, which the parameters of the run name. */
@ExtendWith(StorageRun.Given.class)
final class StorageRun extends StorageKit {
    private final StorageFixture fixture;

    StorageRun(StorageFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    protected StorageFixture fixture() {
        return fixture;
    }

    /** Gives the fixture. */
    static final class Given extends GivenFixture<StorageFixture> {
        Given() {
            super(StorageFixture.class);
        }

        @Override
        StorageFixture fixture(ExtensionContext context) {
            return new DescribedStorage(
                    adapter(context), peer(context, StoragePeer.class).filled(System::getenv));
        }
    }
}
