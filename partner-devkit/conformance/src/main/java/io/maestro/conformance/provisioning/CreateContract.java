package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.model.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A user is created once, however often that is asked for. */
abstract class CreateContract extends ProvisioningContract {
    CreateContract(ProvisioningKit kit) {
        super(kit);
    }

    @Test
    void createdUserIsThereAsItWasTold() {
        ProvisionedUser created = create("ada");
        assertThat(created.id()).isNotBlank();
        assertThat(created.externalId()).isEqualTo("x-ada");
        assertThat(created.attributes()).isEqualTo(person("ada"));
        assertThat(created.active()).isTrue();
        assertThat(get(created.id())).isEqualTo(created);
        assertThat(all()).containsExactly(created);
    }

    @Test
    void userMayBeInactiveFromTheStart() {
        ProvisionedUser created = directory().createUser(call(), new CreateUser("x", person("later"), false));
        assertThat(created.active()).isFalse();
        assertThat(get(created.id()).active()).isFalse();
    }

    @Test
    void userNameIsEnough() {
        ProvisionedUser created = directory().createUser(call(), new CreateUser("x", nameless("bob"), true));
        UserAttributes kept = get(created.id()).attributes();
        assertThat(kept.userName()).isEqualTo("bob");
        assertThat(kept.givenName()).isNull();
        assertThat(kept.familyName()).isNull();
        assertThat(kept.emails() == null ? List.of() : kept.emails()).isEmpty();
    }

    @Test
    void oddNamesComeBackAndAreFound() {
        for (String name :
                List.of("ada@acme.example", "Ada \"Quote\" O'Neil", "back\\slash", "漢字🙂", "a) or (b", "ı İ ß")) {
            UserAttributes odd = new UserAttributes(name, name, name, name, null);
            ProvisionedUser created = directory().createUser(call(), new CreateUser("x " + name, odd, null));
            ProvisionedUser kept = get(created.id());
            assertThat(kept.externalId()).isEqualTo("x " + name);
            assertThat(kept.attributes().userName()).isEqualTo(name);
            assertThat(kept.attributes().givenName()).isEqualTo(name);
            assertThat(found(name, null)).containsExactly(kept);
            assertThat(found(null, "x " + name)).containsExactly(kept);
        }
    }

    @Test
    void repeatedCreateGivesTheUserOfTheFirst() {
        ProvisionedUser first = create("ada");
        assertThat(create("ada")).isEqualTo(first);
        UserAttributes other = new UserAttributes("another", "Other", null, null, null);
        assertThat(directory().createUser(call(), new CreateUser("x-ada", other, false)))
                .as("what is known by the external id")
                .isEqualTo(first);
        assertThat(all()).containsExactly(first);
    }

    @Test
    void repeatedCreateFindsTheUserThatWasRenamed() {
        ProvisionedUser first = create("maiden");
        patch(first.id(), "userName", "married", null);
        assertThat(create("maiden").id()).isEqualTo(first.id());
        assertThat(names(all())).containsExactly("married");
    }

    @Test
    void userNameOfAnotherIsTaken() {
        ProvisionedUser first = create("ada");
        Problem taken = refused(
                ProvisioningProblem.PROVISIONING_USER_EXISTS,
                () -> directory().createUser(call(), new CreateUser("x-2", nameless("ada"), null)));
        assertThat(taken.detail())
                .as("names user and attribute")
                .contains("ada")
                .containsIgnoringCase("userName");
        assertThat(all()).containsExactly(first);
    }

    @Test
    void manyCreatesAtTheSameTimeMakeOneUser() throws Exception {
        for (int round = 0; round < 3; round++) {
            String name = "race-" + round;
            Set<String> ids = ConcurrentHashMap.newKeySet();
            Race.of(12, index -> ids.add(create(name).id()));
            assertThat(ids).hasSize(1);
            assertThat(found(name, null)).hasSize(1);
        }
    }

    @Test
    void whatIsOutOfBoundsIsRefusedAndNamed() {
        refusedRequest("externalId", new CreateUser(" ", nameless("ada"), null));
        refusedRequest("userName", new CreateUser("x", nameless("a".repeat(257)), null));
        refusedRequest("userName", new CreateUser("x", nameless("a\nb"), null));
        refusedRequest(
                "emails",
                new CreateUser("x", new UserAttributes("ada", null, null, null, List.of("no address")), null));
        refusedRequest(
                "emails",
                new CreateUser(
                        "x",
                        new UserAttributes("ada", null, null, null, Collections.nCopies(21, "a@example.org")),
                        null));
        assertThat(all()).isEmpty();
    }

    private void refusedRequest(String attribute, CreateUser request) {
        Problem refusal = refused(
                ProvisioningProblem.PROVISIONING_REQUEST_INVALID,
                () -> directory().createUser(call(), request));
        assertThat(refusal.detail()).contains(attribute);
    }

    @Test
    void whatTheDirectoryRefusesIsNamedAndLeavesNothing() {
        String email = fixture().refusedEmail();
        if (email == null) {
            return;
        }
        UserAttributes refused = new UserAttributes("refused-one", null, null, null, List.of(email));
        Problem refusal = refused(
                ProvisioningProblem.PROVISIONING_VALUE_REFUSED,
                () -> directory().createUser(call(), new CreateUser("x", refused, null)));
        assertThat(refusal.detail())
                .as("names user and attribute")
                .contains("refused-one")
                .containsIgnoringCase("email");
        assertThat(all()).isEmpty();
    }
}
