package io.maestro.rego.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Question;
import io.maestro.rego.bundle.ActivePolicy.Version;
import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivePolicyTest {
    private final ActivePolicy active = new ActivePolicy("the shop's policy");

    private Version version(String revision, int limit) {
        return version(revision, "allow if input.n < " + limit, "test_small if allow with input.n as 1");
    }

    private Version version(String revision, String rule, String test) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put("shop.rego", ("package shop\n\n" + rule + "\n").getBytes(StandardCharsets.UTF_8));
        files.put("shop_test.rego", ("package shop\n\n" + test + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] archive = BundleBuilder.of(new Manifest(revision, List.of("shop"), ObjectValue.EMPTY), files)
                .archive();
        Bundle bundle = BundleReader.read(archive, Limits.STANDARD, new Verification.Unsigned());
        return active.prepare(bundle, Capabilities.deterministic(), Question.at(Instant.EPOCH));
    }

    private String revision() {
        return Objects.requireNonNull(active.current()).revision();
    }

    @Test
    void aNewerVersionTakesThePlaceOfTheOldAndCanBeRolledBack() {
        assertThat(active.current()).isNull();
        active.activate(version("1.9", 10));
        active.activate(version("1.10", 20));
        assertThat(revision()).isEqualTo("1.10");

        assertThat(active.rollBack().revision()).isEqualTo("1.9");
        assertThat(revision()).isEqualTo("1.9");
        assertThat(catchThrowableOfType(BundleException.class, active::rollBack))
                .hasMessage("the shop's policy has no earlier version to roll back to");

        active.activate(version("1.11", 30));
        assertThat(revision()).isEqualTo("1.11");
    }

    @Test
    void olderVersionsAreRefusedAlsoAfterARollback() {
        active.activate(version("1", 10));
        active.activate(version("3", 20));

        assertThat(older(version("2", 30)))
                .isEqualTo("revision \"2\" of the shop's policy is not activated, since \"3\" was before; "
                        + "raise the revision, or roll back to go back");
        assertThat(older(version("3", 30))).contains("\"3\" was before with other files");
        active.rollBack();
        assertThat(older(version("2", 30))).contains("\"3\" was before");
        assertThat(revision()).isEqualTo("1");
    }

    private String older(Version version) {
        BundleException refused = catchThrowableOfType(BundleException.class, () -> active.activate(version));
        assertThat(refused.kind()).isEqualTo(Kind.OLDER);
        return String.valueOf(refused.getMessage());
    }

    @Test
    void theSameAgainChangesNothing() {
        active.activate(version("1", 10));
        active.activate(version("2", 20));
        active.activate(version("2", 20));

        assertThat(Objects.requireNonNull(active.previous()).revision()).isEqualTo("1");
    }

    @Test
    void oneWhoseTestsFailIsNotActivated() {
        active.activate(version("1", 10));

        BundleException failed = catchThrowableOfType(BundleException.class, () -> version("2", 0));
        assertThat(failed.kind()).isEqualTo(Kind.TESTS);
        assertThat(failed)
                .hasMessage("revision \"2\" of the shop's policy is not activated, since its test data.shop.test_small "
                        + "at shop_test.rego:3:1 does not pass; mend the policy or the test");
        assertThat(catchThrowableOfType(RegoException.class, () -> version("2", "allow if x", "test_x if allow")))
                .hasMessageContaining("var x is unsafe");
        assertThat(catchThrowableOfType(
                        RegoException.class, () -> version("2", "allow if time.now_ns() > 1", "test_x if allow")))
                .as("beyond its capabilities")
                .isNotNull();
        assertThat(revision()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "1,2",
        "9,10",
        "1.9.9,1.10",
        "2026-01-09,2026-01-10",
        "v7,v8",
        "a,b",
        "1,1.1",
        "'',1",
        "99999999999999999999,100000000000000000000"
    })
    void revisionsAreOrderedAsPeopleCount(String lower, String higher) {
        assertThat(Revisions.compare(lower, higher)).isNegative();
        assertThat(Revisions.compare(higher, lower)).isPositive();
        assertThat(Revisions.compare(lower, lower)).isZero();
    }
}
