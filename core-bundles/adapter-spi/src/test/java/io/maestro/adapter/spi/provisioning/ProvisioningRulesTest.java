package io.maestro.adapter.spi.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.Operation;
import io.maestro.model.ProblemException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProvisioningRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u0000", "\ud800", "a\udc00"})
    void refusesBadValueAndNamesTheAttribute(String value) {
        refused("externalId", () -> ProvisioningRules.check(new CreateUser(value, named("ada"), null)));
        refused("userName", () -> ProvisioningRules.check(new CreateUser("e", named(value), null)));
        refused("id", () -> ProvisioningRules.check(new ReplaceUser(value, named("ada"), null)));
        refused("id", () -> ProvisioningRules.check(new UserReference(value)));
        refused("ifMatch", () -> ProvisioningRules.check(new ReplaceUser("1", named("ada"), value)));
        refused("displayName", () -> ProvisioningRules.check(new PatchUser("1", Map.of("displayName", value), null)));
        refused("externalId", () -> ProvisioningRules.check(new ListUsers(null, value, null, null)));
        refused("target", () -> ProvisioningRules.check(new Membership("1", value)));
        refused("emails", () -> ProvisioningRules.check(new CreateUser("e", mailed(List.of(value)), null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "ada@acme.example", "Ada \"Quote\" O'Neil", "漢字🙂", "a\\b", "a) or (b eq \"c"})
    void takesOddName(String name) {
        taken(() -> ProvisioningRules.check(new CreateUser("e", named(name), null)));
    }

    @Test
    void boundsTheLengthOfValues() {
        taken(() -> ProvisioningRules.check(new UserReference("a".repeat(256))));
        refused("id", () -> ProvisioningRules.check(new UserReference("a".repeat(257))));
    }

    @Test
    void boundsTheNumberOfAddresses() {
        taken(() -> ProvisioningRules.check(new CreateUser("e", mailed(Collections.nCopies(20, "a@b")), null)));
        refused(
                "emails",
                () -> ProvisioningRules.check(new CreateUser("e", mailed(Collections.nCopies(21, "a@b")), null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "@acme", "ada@"})
    void refusesWhatIsNoAddress(String email) {
        refused("emails", () -> ProvisioningRules.check(new CreateUser("e", mailed(List.of(email)), null)));
    }

    @Test
    void refusesPatchOfNothing() {
        refused("nothing", () -> ProvisioningRules.check(new PatchUser("1", Map.of(), null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "id", "externalId", "password", "name.givenName", "urn:x"})
    void refusesPatchOfWhatOtherOperationsChange(String attribute) {
        refused(attribute, () -> ProvisioningRules.check(new PatchUser("1", Map.of(attribute, "x"), null)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 201, Integer.MAX_VALUE})
    void refusesLimitOutOfBounds(int limit) {
        refused("limit", () -> ProvisioningRules.check(new ListUsers(null, null, limit, null)));
    }

    @Test
    void createsActiveUsersUnlessToldOtherwise() {
        assertThat(ProvisioningRules.active(new CreateUser("e", named("ada"), null)))
                .isTrue();
        assertThat(ProvisioningRules.active(new CreateUser("e", named("ada"), false)))
                .isFalse();
    }

    @Test
    void everyOperationMayBeRepeated() {
        assertThat(UserDirectory.TYPE.operations())
                .hasSize(11)
                .allSatisfy(operation -> assertThat(operation.effect())
                        .as(operation.name().value())
                        .isEqualTo(
                                operation.name().value().matches("get_user|list_users")
                                        ? Operation.Effect.READ
                                        : Operation.Effect.IDEMPOTENT));
    }

    private static UserAttributes named(String userName) {
        return new UserAttributes(userName, null, null, null, null);
    }

    private static UserAttributes mailed(@Nullable List<String> emails) {
        return new UserAttributes("ada", null, null, null, emails);
    }

    private static void refused(String named, ThrowingCallable check) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(check).satisfies(e -> {
            assertThat(e.problem().code()).isEqualTo("provisioning-request-invalid");
            assertThat(e.problem().detail()).contains(named);
            assertThat(e.problem().fix()).isNotBlank();
        });
    }

    private static void taken(ThrowingCallable check) {
        assertThatCode(check).doesNotThrowAnyException();
    }
}
