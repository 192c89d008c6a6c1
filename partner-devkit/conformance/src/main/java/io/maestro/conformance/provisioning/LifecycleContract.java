package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.UnresponsivePeer;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An instance opens, tells how it is, and ends. */
abstract class LifecycleContract extends ProvisioningContract {
    LifecycleContract(ProvisioningKit kit) {
        super(kit);
    }

    @Test
    void isUpWhenItsDirectoryAnswers() {
        assertThat(directory().health()).isEqualTo(new Health.Up());
    }

    @Test
    void opensBeforeItsDirectoryIsThereAndSaysThatItIsDown() throws IOException {
        Map<String, ?> nowhere = fixture().elsewhere(place(), UnresponsivePeer.nowhere());
        if (nowhere == null) {
            assertThat(manifest().asksForNetwork()).isFalse();
            return;
        }
        try (UserDirectory lonely = opened(nowhere)) {
            assertThat(lonely.health())
                    .isInstanceOfSatisfying(
                            Health.Down.class, down -> assertThat(down.reason()).isNotBlank());
        }
    }

    @Test
    void refusesEverythingOnceClosed() {
        create("kept");
        UserDirectory closed = directory();
        close();
        for (ThrowingCallable act : acts(closed)) {
            refused(ProvisioningProblem.PROVISIONING_CLOSED, act);
        }
        assertThat(closed.health()).isInstanceOf(Health.Down.class);
    }

    @Test
    void usersOutliveTheInstance() {
        ProvisionedUser created = create("kept");
        close();
        // the same context: what an instance keeps in its folder is there again
        try (UserDirectory again = opened(context())) {
            assertThat(again.getUser(call(), new UserReference(created.id()))).isEqualTo(created);
        }
    }
}
