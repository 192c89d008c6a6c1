package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.model.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A replaced user has what was told and nothing else; a patched one keeps the rest. */
abstract class ChangeContract extends ProvisioningContract {
    ChangeContract(ProvisioningKit kit) {
        super(kit);
    }

    @Test
    void replacedUserHasNothingOfBefore() {
        ProvisionedUser before = create("ada");
        ProvisionedUser after = replace(before.id(), nameless("ada-2"), null);
        assertThat(after.id()).isEqualTo(before.id());
        UserAttributes kept = after.attributes();
        assertThat(kept.userName()).isEqualTo("ada-2");
        assertThat(kept.givenName()).isNull();
        assertThat(kept.familyName()).isNull();
        assertThat(kept.displayName()).isNotEqualTo("Shown ada");
        assertThat(kept.emails() == null ? List.of() : kept.emails()).isEmpty();
        assertThat(get(before.id())).isEqualTo(after);
        ProvisionedUser full = replace(before.id(), person("ada-3"), null);
        assertThat(full.attributes()).isEqualTo(person("ada-3"));
    }

    @Test
    void replacingLeavesWhatIsNoAttribute() throws Exception {
        ProvisionedUser before = create("ada");
        directory().deactivateUser(call(), new UserReference(before.id()));
        directory().assignGroup(call(), new Membership(before.id(), fixture().newGroup(place())));
        if (offers(ProvisioningFixture.Offer.ROLES)) {
            directory().assignRole(call(), new Membership(before.id(), fixture().newRole(place())));
        }
        ProvisionedUser changed = get(before.id());
        ProvisionedUser after = replace(before.id(), person("ada-2"), null);
        assertThat(after.active()).isFalse();
        assertThat(after.externalId()).isEqualTo("x-ada");
        assertThat(after.groups()).isEqualTo(changed.groups());
        assertThat(after.roles()).isEqualTo(changed.roles());
    }

    @Test
    void patchedUserKeepsTheRest() {
        ProvisionedUser before = create("ada");
        ProvisionedUser after = patch(before.id(), "displayName", "The Countess", null);
        assertThat(after.attributes())
                .isEqualTo(new UserAttributes(
                        "ada", "Given", "Family", "The Countess", person("ada").emails()));
        assertThat(after.externalId()).isEqualTo("x-ada");
        assertThat(after.active()).isTrue();
        ProvisionedUser named = patch(before.id(), "givenName", "Augusta", null);
        assertThat(named.attributes())
                .isEqualTo(new UserAttributes(
                        "ada",
                        "Augusta",
                        "Family",
                        "The Countess",
                        person("ada").emails()));
        assertThat(get(before.id())).isEqualTo(named);
    }

    @Test
    void patchSetsWhatTheUserHadNot() {
        String id = replace(create("bob").id(), nameless("bob"), null).id();
        directory()
                .patchUser(call(), new PatchUser(id, Map.of("familyName", "Builder", "displayName", "Bob B."), null));
        assertThat(get(id).attributes().familyName()).isEqualTo("Builder");
        assertThat(get(id).attributes().displayName()).isEqualTo("Bob B.");
        assertThat(get(id).attributes().givenName()).isNull();
    }

    @Test
    void changesMayBeRepeated() {
        String id = create("ada").id();
        assertThat(replace(id, person("ada-2"), null).attributes())
                .isEqualTo(replace(id, person("ada-2"), null).attributes());
        assertThat(patch(id, "displayName", "Same", null).attributes())
                .isEqualTo(patch(id, "displayName", "Same", null).attributes());
    }

    @Test
    void onlyTheNamedUserChanges() {
        ProvisionedUser other = create("other");
        String id = create("ada").id();
        replace(id, nameless("ada-2"), null);
        patch(id, "displayName", "Changed", null);
        assertThat(get(other.id())).isEqualTo(other);
    }

    @Test
    void userThatIsNotThereIsNotFoundAndNotMade() {
        assertThat(refused(
                                ProvisioningProblem.PROVISIONING_USER_NOT_FOUND,
                                () -> replace("no-such-user", person("x"), null))
                        .detail())
                .contains("no-such-user");
        refused(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, () -> patch("no-such-user", "displayName", "x", null));
        assertThat(all()).isEmpty();
    }

    @Test
    void userNameOfAnotherIsTakenAndNothingChanges() {
        create("ada");
        ProvisionedUser bob = create("bob");
        Problem taken =
                refused(ProvisioningProblem.PROVISIONING_USER_EXISTS, () -> replace(bob.id(), person("ada"), null));
        assertThat(taken.detail()).contains(bob.id()).containsIgnoringCase("userName");
        refused(ProvisioningProblem.PROVISIONING_USER_EXISTS, () -> patch(bob.id(), "userName", "ada", null));
        assertThat(get(bob.id())).isEqualTo(bob);
    }

    @Test
    void whatIsOutOfBoundsIsRefusedAndNamed() {
        ProvisionedUser ada = create("ada");
        for (Map<String, String> set : List.of(
                Map.of("active", "false"), Map.of("id", "1"), Map.of("password", "x"), Map.of("displayName", ""))) {
            assertThat(refused(
                                    ProvisioningProblem.PROVISIONING_REQUEST_INVALID,
                                    () -> directory().patchUser(call(), new PatchUser(ada.id(), set, null)))
                            .detail())
                    .contains(set.keySet().iterator().next());
        }
        refused(ProvisioningProblem.PROVISIONING_REQUEST_INVALID, () -> replace(ada.id(), nameless(" "), null));
        assertThat(get(ada.id())).isEqualTo(ada);
    }
}
