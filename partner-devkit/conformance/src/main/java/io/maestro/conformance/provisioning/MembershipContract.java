package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.MembershipState;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Users come into groups and get roles one by one, and leave the others what they have. */
abstract class MembershipContract extends ProvisioningContract {
    MembershipContract(ProvisioningKit kit) {
        super(kit);
    }

    private void assign(String user, String group) {
        Membership request = new Membership(user, group);
        assertThat(directory().assignGroup(call(), request)).isEqualTo(new MembershipState(user, group, true));
    }

    private void remove(String user, String group) {
        Membership request = new Membership(user, group);
        assertThat(directory().removeGroup(call(), request)).isEqualTo(new MembershipState(user, group, false));
    }

    private void give(String user, String role) {
        Membership request = new Membership(user, role);
        assertThat(directory().assignRole(call(), request)).isEqualTo(new MembershipState(user, role, true));
    }

    private void take(String user, String role) {
        Membership request = new Membership(user, role);
        assertThat(directory().removeRole(call(), request)).isEqualTo(new MembershipState(user, role, false));
    }

    private void isIn(ProvisionedUser user, String... groups) {
        shows(ProvisioningFixture.Offer.GROUPS_OF_USER, get(user.id()).groups(), groups);
    }

    private void has(ProvisionedUser user, String... roles) {
        shows(ProvisioningFixture.Offer.ROLES_OF_USER, get(user.id()).roles(), roles);
    }

    private void shows(ProvisioningFixture.Offer offer, @Nullable List<String> shown, String... expected) {
        if (offers(offer)) {
            assertThat(shown == null ? List.of() : shown).containsExactlyInAnyOrderElementsOf(List.of(expected));
        } else {
            assertThat(shown).isNull();
        }
    }

    @Test
    void groupsKeepTheirOtherMembersAndUsersTheirOtherGroups() throws Exception {
        ProvisionedUser ada = create("ada");
        ProvisionedUser bob = create("bob");
        String one = fixture().newGroup(place());
        String other = fixture().newGroup(place());
        assign(ada.id(), one);
        assign(bob.id(), one);
        assign(ada.id(), other);
        isIn(ada, one, other);
        isIn(bob, one);
        remove(ada.id(), one);
        isIn(ada, other);
        isIn(bob, one);
    }

    @Test
    void groupsMayBeAssignedAndRemovedAgain() throws Exception {
        ProvisionedUser ada = create("ada");
        ProvisionedUser bob = create("bob");
        String group = fixture().newGroup(place());
        remove(ada.id(), group);
        assign(bob.id(), group);
        assign(ada.id(), group);
        assign(ada.id(), group);
        isIn(ada, group);
        remove(ada.id(), group);
        isIn(ada);
        remove(ada.id(), group);
        isIn(ada);
        isIn(bob, group);
    }

    @Test
    void membershipIsNoOtherChange() throws Exception {
        ProvisionedUser ada = create("ada");
        assign(ada.id(), fixture().newGroup(place()));
        if (offers(ProvisioningFixture.Offer.ROLES)) {
            give(ada.id(), fixture().newRole(place()));
        }
        ProvisionedUser after = get(ada.id());
        assertThat(after.attributes()).isEqualTo(ada.attributes());
        assertThat(after.active()).isTrue();
        assertThat(after.externalId()).isEqualTo(ada.externalId());
    }

    @Test
    void groupThatIsNotThereIsNotFoundAndNotMade() {
        ProvisionedUser ada = create("ada");
        for (String group : List.of("no-such-group", "../Users", "..")) {
            Membership request = new Membership(ada.id(), group);
            assertThat(refused(
                                    ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                                    () -> directory().assignGroup(call(), request))
                            .detail())
                    .contains(group);
            refused(
                    ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                    () -> directory().removeGroup(call(), request));
        }
        isIn(ada);
    }

    @Test
    void userThatIsNotThereComesIntoNoGroup() throws Exception {
        Membership request = new Membership("no-such-user", fixture().newGroup(place()));
        assertThat(refused(
                                ProvisioningProblem.PROVISIONING_USER_NOT_FOUND,
                                () -> directory().assignGroup(call(), request))
                        .detail())
                .contains("no-such-user");
        refused(
                ProvisioningProblem.PROVISIONING_USER_NOT_FOUND,
                () -> directory().removeGroup(call(), request));
    }

    @Test
    void rolesAreGivenAndTakenOneByOne() throws Exception {
        if (!offers(ProvisioningFixture.Offer.ROLES)) {
            return;
        }
        ProvisionedUser ada = create("ada");
        ProvisionedUser bob = create("bob");
        String one = fixture().newRole(place());
        String other = fixture().newRole(place());
        take(ada.id(), one);
        give(ada.id(), one);
        give(ada.id(), one);
        give(ada.id(), other);
        give(bob.id(), one);
        has(ada, one, other);
        take(ada.id(), one);
        take(ada.id(), one);
        has(ada, other);
        has(bob, one);
        Membership nobody = new Membership("no-such-user", one);
        refused(
                ProvisioningProblem.PROVISIONING_USER_NOT_FOUND,
                () -> directory().assignRole(call(), nobody));
        refused(
                ProvisioningProblem.PROVISIONING_USER_NOT_FOUND,
                () -> directory().removeRole(call(), nobody));
    }

    @Test
    void withoutRolesTheyAreRefused() {
        if (offers(ProvisioningFixture.Offer.ROLES)) {
            return;
        }
        Membership request = new Membership(create("ada").id(), "role");
        refused(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> directory().assignRole(call(), request));
        refused(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> directory().removeRole(call(), request));
    }
}
