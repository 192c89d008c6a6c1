package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.RequirementCheck.Offer;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Requirement;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequirementCheckTest {
    private static final Scope SCOPE = Scope.of("acme", "prod");

    private final List<Instance> instances = new ArrayList<>();
    private final List<Offer> offers = new ArrayList<>();

    @Test
    void isSatisfiedByARunningInstanceOfTheType() {
        offer("storage-s3@1.2.0", "1.0");
        instance("files", "storage-s3@1.2.0", Wanted.RUNNING, Observed.RUNNING);

        assertThat(check(wish("storage-s3", "^1.0.0", "1.0", "files", "put_object", "get_object")))
                .isEqualTo(new Finding.Satisfied(new InstanceId("files"), DefinitionId.parse("storage-s3@1.2.0")));
        assertThat(check(wish(null, null, null, null))).isInstanceOf(Finding.Satisfied.class);
    }

    @Test
    void choosesAnInstanceThatWillDoAmongThoseThatDoNot() {
        offer("storage-s3@2.0.0", "1.0");
        offer("storage-s3@1.0.0", "1.0");
        instance("a", "storage-s3@1.0.0", Wanted.RUNNING, Observed.RUNNING);
        instance("b", "storage-s3@2.0.0", Wanted.STOPPED, Observed.STOPPED);
        instance("c", "storage-s3@2.0.0", Wanted.RUNNING, Observed.PENDING);

        assertThat(check(wish("storage-s3", "^2.0.0", null, null)))
                .isEqualTo(new Finding.Satisfied(new InstanceId("c"), DefinitionId.parse("storage-s3@2.0.0")));
        instances.removeLast();
        assertThat(missed(wish("storage-s3", "^2.0.0", null, null)).fix())
                .isEqualTo("Start it: maestro instance start -t acme -e prod b");
    }

    @Test
    void namesTheTypesThatThereAre() {
        Problem problem = missed(new Requirement(new TypeName("teleport"), null, null, null, List.of(), null));

        assertThat(problem.code()).isEqualTo("requirement-type-unknown");
        assertThat(problem.fix()).contains("storage");
    }

    @Test
    void namesTheMissingOperationAndThoseThatThereAre() {
        Problem problem = missed(wish(null, null, null, null, "put_object", "fly", "swim"));

        assertThat(problem.code()).isEqualTo("requirement-operation-missing");
        assertThat(problem.detail()).contains("fly, swim").doesNotContain("put_object");
        assertThat(problem.fix()).contains("put_object");
    }

    @Test
    void wantsTheSameMajorAndAtLeastTheMinorOfTheContract() {
        assertThat(missed(wish(null, null, "2.0", null)).code()).isEqualTo("requirement-contract-unsupported");
        assertThat(missed(wish(null, null, "1.99", null)).code()).isEqualTo("requirement-contract-unsupported");
        offer("storage-s3@1.0.0", "0.9");
        instance("files", "storage-s3@1.0.0", Wanted.RUNNING, Observed.RUNNING);
        assertThat(missed(wish(null, null, "1.0", "files")).detail()).contains("contract 0.9");
    }

    @Test
    void tellsWhichDefinitionToInstall() {
        offer("storage-s3@1.0.0", "1.0");
        Problem problem = missed(wish("storage-s3", "^2.0.0", null, null));

        assertThat(problem.code()).isEqualTo("requirement-definition-missing");
        assertThat(problem.detail()).contains("storage-s3").contains("^2.0.0");
        assertThat(problem.fix()).contains("maestro adapter install");
    }

    @Test
    void tellsWhichInstanceToCreateOfTheNewestThatWillDo() {
        offer("storage-s3@2.0.0", "1.0");
        offer("storage-s3@1.9.0", "1.0");
        offer("storage-s3@1.0.0", "1.0");

        Problem named = missed(wish("storage-s3", "^1.0.0", null, "files"));
        assertThat(named.code()).isEqualTo("requirement-instance-missing");
        assertThat(named.fix())
                .isEqualTo("Create it: maestro instance create -t acme -e prod --adapter storage-s3@1.9.0 files");
        assertThat(missed(wish("storage-s3", "^1.0.0", null, null)).fix()).endsWith("storage-s3@1.9.0 NAME");
    }

    @Test
    void tellsToWhichVersionToUpgrade() {
        offer("storage-s3@2.1.0", "1.0");
        offer("storage-s3@1.0.0", "1.0");
        instance("files", "storage-s3@1.0.0", Wanted.RUNNING, Observed.RUNNING);

        Problem there = missed(wish("storage-s3", "^2.0.0", null, "files"));
        assertThat(there.code()).isEqualTo("requirement-version-outside");
        assertThat(there.fix()).contains("storage-s3@2.1.0");
        assertThat(missed(wish("storage-s3", "^3.0.0", null, "files")).fix()).startsWith("Install a version");
    }

    @Test
    void doesNotTakeAnotherAdapterUnderTheWantedName() {
        offer("storage-file@1.0.0", "1.0");
        instance("files", "storage-file@1.0.0", Wanted.RUNNING, Observed.RUNNING);

        assertThat(missed(wish("storage-s3", null, null, "files")).code()).isEqualTo("requirement-instance-unfit");
    }

    @Test
    void passesOnWhyAnInstanceCannotRun() {
        offer("storage-s3@1.0.0", "1.0");
        instances.add(instance(
                "files",
                "storage-s3@1.0.0",
                Wanted.RUNNING,
                Observed.FAILED,
                Problem.of(AdapterProblem.INSTANCE_OPEN_FAILED, "the bucket is gone", "Make the bucket.")));

        Problem problem = missed(wish("storage-s3", null, null, "files"));
        assertThat(problem.code()).isEqualTo("requirement-instance-failed");
        assertThat(problem.detail()).contains("the bucket is gone");
        assertThat(problem.fix()).isEqualTo("Make the bucket.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.0.0", "-1.0", "01.0", "1.x", "99999999999.0"})
    void refusesAContractVersionThatIsNone(String version) {
        assertThatThrownBy(() -> check(wish(null, null, version, null))).isInstanceOf(ProblemException.class);
    }

    private Finding check(Requirement requirement) {
        return new RequirementCheck(SCOPE, AdapterType.all(), instances, offers).check(requirement);
    }

    private Problem missed(Requirement requirement) {
        assertThat(check(requirement)).isInstanceOf(Finding.Missed.class);
        return ((Finding.Missed) check(requirement)).problem();
    }

    private static Requirement wish(
            @Nullable String adapter,
            @Nullable String range,
            @Nullable String contract,
            @Nullable String instance,
            String... operations) {
        List<OperationName> names = new ArrayList<>();
        for (String operation : operations) {
            names.add(new OperationName(operation));
        }
        return new Requirement(
                new TypeName("storage"),
                adapter == null ? null : new AdapterName(adapter),
                range,
                contract,
                names,
                instance == null ? null : new InstanceId(instance));
    }

    private void offer(String id, String contract) {
        offers.add(new Offer(DefinitionId.parse(id), new TypeName("storage"), contract));
    }

    private void instance(String name, String definition, Wanted wanted, Observed observed) {
        instances.add(instance(name, definition, wanted, observed, null));
    }

    private static Instance instance(
            String name, String definition, Wanted wanted, Observed observed, @Nullable Problem problem) {
        return new Instance(
                SCOPE,
                new InstanceId(name),
                DefinitionId.parse(definition),
                new TypeName("storage"),
                Json.EMPTY_OBJECT,
                wanted,
                observed,
                problem,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
