package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.conformance.Leftovers;
import io.maestro.conformance.TestAdapterContext;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Of a closed instance nothing is left: no thread, and nobody who holds on to it. */
abstract class LeakContract extends StorageContract {
    LeakContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void noThreadIsLeftAfterClosing() throws Exception {
        AdapterFactory factory = fixture().factory();
        openUseAndClose(factory, "first"); // what the platform starts once and for all is there afterwards
        Set<Thread> before = Leftovers.threads();
        openUseAndClose(factory, "second");
        Leftovers.endThreadsBut(before);
    }

    @Test
    void nobodyHoldsAClosedInstance() throws Exception {
        AdapterFactory factory = fixture().factory();
        ReferenceQueue<ObjectStorage> collected = new ReferenceQueue<>();
        WeakReference<ObjectStorage> instance = new WeakReference<>(openUseAndClose(factory, "held"), collected);
        Leftovers.collects(collected);
        assertThat(instance.get()).isNull();
        assertThat(factory).isNotNull(); // held until here: it must not hold the instance
    }

    private ObjectStorage openUseAndClose(AdapterFactory factory, String name) throws IOException {
        Map<String, ?> configuration = place();
        Path own = Files.createDirectory(folder.resolve(name));
        try (TestAdapterContext context = new TestAdapterContext(own, configuration)) {
            ObjectStorage instance = (ObjectStorage) factory.open(context);
            // among them a get whose content nobody closes: that is the instance's matter when it is closed
            RefusalContract.acts(instance).forEach(LeakContract::goesWell);
            instance.close();
            return instance;
        }
    }

    private static void goesWell(ThrowingCallable act) {
        assertThatCode(act).doesNotThrowAnyException();
    }
}
