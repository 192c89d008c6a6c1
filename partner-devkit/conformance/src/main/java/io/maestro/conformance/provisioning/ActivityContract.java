package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import org.junit.jupiter.api.Test;

/** Who is deactivated is kept and cannot log in; who is reactivated is as before. */
abstract class ActivityContract extends ProvisioningContract {
    ActivityContract(ProvisioningKit kit) {
        super(kit);
    }

    private ProvisionedUser deactivate(String id) {
        return directory().deactivateUser(call(), new UserReference(id));
    }

    private ProvisionedUser reactivate(String id) {
        return directory().reactivateUser(call(), new UserReference(id));
    }

    @Test
    void deactivatedUserIsKept() {
        ProvisionedUser ada = create("ada");
        ProvisionedUser bob = create("bob");
        ProvisionedUser after = deactivate(ada.id());
        assertThat(after.active()).isFalse();
        assertThat(after.attributes()).isEqualTo(ada.attributes());
        assertThat(after.externalId()).isEqualTo(ada.externalId());
        assertThat(get(ada.id())).isEqualTo(after);
        assertThat(all()).containsExactlyInAnyOrder(after, bob);
    }

    @Test
    void reactivatedUserIsAsBefore() {
        ProvisionedUser ada = create("ada");
        deactivate(ada.id());
        ProvisionedUser after = reactivate(ada.id());
        assertThat(after.active()).isTrue();
        assertThat(after.attributes()).isEqualTo(ada.attributes());
        assertThat(get(ada.id())).isEqualTo(after);
    }

    @Test
    void directoryKnowsAndNotTheInstanceAlone() throws Exception {
        String id = create("ada").id();
        deactivate(id);
        try (UserDirectory other = opened(place())) {
            assertThat(other.getUser(call(), new UserReference(id)).active()).isFalse();
            reactivate(id);
            assertThat(other.getUser(call(), new UserReference(id)).active()).isTrue();
        }
    }

    @Test
    void bothMayBeRepeated() {
        String id = create("ada").id();
        assertThat(reactivate(id).active()).isTrue();
        assertThat(deactivate(id).active()).isFalse();
        assertThat(deactivate(id).active()).isFalse();
        assertThat(get(id).active()).isFalse();
        assertThat(reactivate(id).active()).isTrue();
        assertThat(reactivate(id).active()).isTrue();
        assertThat(get(id).active()).isTrue();
    }

    @Test
    void createDoesNotReactivate() {
        ProvisionedUser ada = create("ada");
        deactivate(ada.id());
        assertThat(create("ada").active()).isFalse();
        assertThat(get(ada.id()).active()).isFalse();
    }

    @Test
    void userThatIsNotThereIsNotFoundAndNamed() {
        assertThat(refused(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, () -> deactivate("no-such-user"))
                        .detail())
                .contains("no-such-user");
        refused(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, () -> reactivate("no-such-user"));
    }
}
