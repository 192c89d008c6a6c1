package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.conformance.Leftovers;
import io.maestro.conformance.TestAdapterContext;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of a closed instance nothing is left: no thread, and nobody who holds on to it. */
abstract class LeakContract extends IdentityContract {
    LeakContract(IdentityKit kit) {
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
        ReferenceQueue<IdentityProvider> collected = new ReferenceQueue<>();
        WeakReference<IdentityProvider> instance = new WeakReference<>(openUseAndClose(factory, "held"), collected);
        Leftovers.collects(collected);
        assertThat(instance.get()).isNull();
        assertThat(factory).isNotNull(); // held until here: it must not hold the instance
    }

    private IdentityProvider openUseAndClose(AdapterFactory factory, String name) throws Exception {
        Path own = Files.createDirectory(folder.resolve(name));
        try (TestAdapterContext context = new TestAdapterContext(own, fixture().configuration(registration()))) {
            IdentityProvider instance = (IdentityProvider) factory.open(context);
            assertThat(validate(instance, provider().token()).subject()).isNotBlank();
            if (login()) {
                assertThat(instance.completeLogin(call(), loggedIn(instance)).subject())
                        .isNotBlank();
            }
            assertThat(instance.health()).isNotNull();
            instance.close();
            return instance;
        }
    }
}
