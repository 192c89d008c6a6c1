package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.Leftovers;
import io.maestro.conformance.TestAdapterContext;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of a closed instance nothing is left: no thread, and nobody who holds on to it. */
abstract class LeakContract extends ProvisioningContract {
    LeakContract(ProvisioningKit kit) {
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
        ReferenceQueue<UserDirectory> collected = new ReferenceQueue<>();
        WeakReference<UserDirectory> instance = new WeakReference<>(openUseAndClose(factory, "held"), collected);
        Leftovers.collects(collected);
        assertThat(instance.get()).isNull();
        assertThat(factory).isNotNull(); // held until here: it must not hold the instance
    }

    private UserDirectory openUseAndClose(AdapterFactory factory, String name) throws Exception {
        Map<String, ?> configuration = place();
        Path own = Files.createDirectory(folder.resolve(name));
        try (TestAdapterContext context = new TestAdapterContext(own, configuration)) {
            UserDirectory instance = (UserDirectory) factory.open(context);
            ProvisionedUser user = create(instance, name);
            instance.assignGroup(call(), new Membership(user.id(), fixture().newGroup(configuration)));
            instance.deactivateUser(call(), new UserReference(user.id()));
            assertThat(all(instance)).isNotEmpty();
            instance.close();
            return instance;
        }
    }
}
