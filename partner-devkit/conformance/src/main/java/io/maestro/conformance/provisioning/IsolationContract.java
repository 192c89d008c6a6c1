package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.model.Scope;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Instances of different tenants, from one factory, have nothing in common. */
abstract class IsolationContract extends ProvisioningContract {
    IsolationContract(ProvisioningKit kit) {
        super(kit);
    }

    private UserDirectory ofAnotherTenant() throws Exception {
        return opened(context(Scope.of("globex", "prod"), fixture().emptyDirectory()));
    }

    @Test
    void sameUserIsAnotherOneForAnotherTenant() throws Exception {
        try (UserDirectory other = ofAnotherTenant()) {
            ProvisionedUser ours = create("shared");
            refused(
                    ProvisioningProblem.PROVISIONING_USER_NOT_FOUND,
                    () -> other.getUser(call(), new UserReference(ours.id())));
            assertThat(all(other)).isEmpty();
            ProvisionedUser theirs = create(other, "shared");
            other.deactivateUser(call(), new UserReference(theirs.id()));
            assertThat(all()).containsExactly(ours);
            assertThat(all(other)).extracting(ProvisionedUser::active).containsExactly(false);
        }
    }

    @Test
    void oneGoesOnWhenAnotherIsClosed() throws Exception {
        ProvisionedUser kept = create("kept");
        ofAnotherTenant().close();
        assertThat(get(kept.id())).isEqualTo(kept);
        assertThat(directory().health()).isEqualTo(new Health.Up());
    }

    @Test
    void troubleOfOneIsNotTroubleOfAnother() throws IOException {
        var wrong = fixture().wrongCredentials(place());
        if (wrong == null) {
            assertThat(manifest().secrets()).isEmpty();
            return;
        }
        ProvisionedUser kept = create("kept");
        try (UserDirectory stranger = opened(context(Scope.of("globex", "prod"), wrong))) {
            refused(ProvisioningProblem.PROVISIONING_ACCESS_DENIED, () -> create(stranger, "kept"));
            assertThat(get(kept.id())).isEqualTo(kept);
            assertThat(directory().health()).isEqualTo(new Health.Up());
        }
    }
}
