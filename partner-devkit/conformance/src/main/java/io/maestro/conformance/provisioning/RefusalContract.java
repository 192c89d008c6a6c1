package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.conformance.UnresponsivePeer;
import io.maestro.model.Retry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What goes wrong outside is told as what it is. */
abstract class RefusalContract extends ProvisioningContract {
    RefusalContract(ProvisioningKit kit) {
        super(kit);
    }

    @Test
    void wrongCredentialsAreAccessDenied() throws IOException {
        Map<String, ?> wrong = fixture().wrongCredentials(place());
        if (wrong == null) {
            assertThat(manifest().secrets()).isEmpty();
            return;
        }
        try (UserDirectory stranger = opened(wrong)) {
            for (ThrowingCallable act : acts(stranger)) {
                assertThat(refused(ProvisioningProblem.PROVISIONING_ACCESS_DENIED, act)
                                .retry())
                        .isInstanceOf(Retry.Never.class);
            }
            assertThat(stranger.health()).isInstanceOf(Health.Down.class);
        }
        assertThat(all()).isEmpty();
    }

    @Test
    void missingDirectoryIsNotAnEmptyOne() throws IOException {
        Map<String, ?> missing = fixture().directoryMissing(place());
        if (missing == null) {
            assertThat(manifest().asksForNetwork()).isFalse();
            return;
        }
        try (UserDirectory nowhere = opened(missing)) {
            List<ThrowingCallable> acts = acts(nowhere);
            for (ThrowingCallable act : acts) {
                assertThat(refused(ProvisioningProblem.PROVISIONING_FAILED, act).retry())
                        .isInstanceOf(Retry.Never.class);
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
        try (UserDirectory lonely = opened(elsewhere)) {
            for (ThrowingCallable act : acts(lonely)) {
                assertThat(refused(ProvisioningProblem.PROVISIONING_UNREACHABLE, act)
                                .retry())
                        .isInstanceOf(Retry.After.class);
            }
        }
    }
}
