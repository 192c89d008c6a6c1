package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.conformance.TestAdapterContext;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Of a closed instance nothing is left: no thread, and nobody who holds on to it. */
abstract class LeakContract extends StorageContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    LeakContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void noThreadIsLeftAfterClosing() throws Exception {
        AdapterFactory factory = fixture().factory();
        openUseAndClose(factory, "first"); // what the platform starts once and for all is there afterwards
        Set<Thread> before = threads();
        openUseAndClose(factory, "second");
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                assertThat(thread.join(PATIENCE))
                        .as("the thread %s of %s ends", thread.getName(), thread.getClass())
                        .isTrue();
            }
        }
    }

    @Test
    void nobodyHoldsAClosedInstance() throws Exception {
        AdapterFactory factory = fixture().factory();
        ReferenceQueue<ObjectStorage> collected = new ReferenceQueue<>();
        WeakReference<ObjectStorage> instance = new WeakReference<>(openUseAndClose(factory, "held"), collected);
        long limit = System.nanoTime() + PATIENCE.toNanos();
        boolean gone = false;
        while (!gone && System.nanoTime() < limit) {
            System.gc();
            gone = collected.remove(200) != null;
        }
        assertThat(gone).as("the closed instance is collected").isTrue();
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

    /** All platform threads but those that the platform keeps for itself. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getClass().getName().matches("jdk\\.internal\\.misc\\.\\w+Thread"))
                .collect(Collectors.toSet());
    }
}
