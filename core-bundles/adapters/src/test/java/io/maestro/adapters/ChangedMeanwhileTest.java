package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceAct.Delete;
import io.maestro.api.adapters.InstanceAct.Want;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.DefinitionId;
import io.maestro.model.Json;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done to an instance is done to what was looked at, whatever somebody else does between the look and the act. */
class ChangedMeanwhileTest {
    private static final Scope ACME = Scope.of("acme", "prod");

    @TempDir
    Path folder;

    private MeasuredHost measured;

    @BeforeEach
    void start() throws Exception {
        measured = new MeasuredHost(folder);
        measured.host.policy.forgets.set(false);
        measured.admit("1.0.0", "1.0.0");
        measured.create(ACME, "1.0.0");
    }

    @AfterEach
    void end() throws Exception {
        measured.end();
    }

    private static Stream<InstanceAct> withoutRevision() {
        return Stream.of(
                new Want(ACME, MeasuredHost.MAIN, Wanted.STOPPED, null),
                new Want(ACME, MeasuredHost.MAIN, Wanted.RUNNING, null),
                new Delete(ACME, MeasuredHost.MAIN, null));
    }

    @ParameterizedTest
    @MethodSource("withoutRevision")
    void asksAboutTheInstanceAsItIsNowWhenNoRevisionWasNamed(InstanceAct act) {
        measured.host.policy.meanwhile.set(this::configure);
        measured.host.policy.asked.clear();

        var _ = measured.host.acts().carryOut(act, null, MeasuredHost.ADA);

        EntryPoint asked = act instanceof Delete
                ? EntryPoint.ADAPTER_UNINSTALL
                : ((Want) act).wanted() == Wanted.RUNNING ? EntryPoint.ADAPTER_START : EntryPoint.ADAPTER_STOP;
        assertThat(Collections.frequency(measured.host.policy.entryPoints(), asked))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("withoutRevision")
    void refusesWhenWhatWasPlannedHasChangedAndLeavesItAsItIs(InstanceAct act) {
        var plan = measured.host.acts().plan(act, MeasuredHost.ADA).digest();
        measured.host.policy.meanwhile.set(this::configure);

        String code = refused(() -> measured.host.acts().carryOut(act, plan, MeasuredHost.ADA));

        assertThat(code).isEqualTo("revision-changed");
        Instance now = measured.host.instances().instance(ACME, MeasuredHost.MAIN);
        assertThat(now.wanted()).isEqualTo(Wanted.RUNNING);
        assertThat(now.revision()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("withoutRevision")
    void neverMeansAnotherInstanceOfThatName(InstanceAct act) {
        measured.host.policy.meanwhile.set(() -> {
            measured.host.instances().delete(ACME, MeasuredHost.MAIN, null, MeasuredHost.ADA);
            measured.host
                    .instances()
                    .create(
                            ACME,
                            MeasuredHost.MAIN,
                            DefinitionId.parse("echo@1.0.0"),
                            Json.EMPTY_OBJECT,
                            MeasuredHost.ADA);
        });

        String code = refused(() -> measured.host.acts().carryOut(act, null, MeasuredHost.ADA));

        assertThat(code).isEqualTo("revision-changed");
        Instance now = measured.host.instances().instance(ACME, MeasuredHost.MAIN);
        assertThat(now.wanted()).isEqualTo(Wanted.RUNNING);
        assertThat(now.revision()).isEqualTo(1);
    }

    private void configure() {
        var _ = measured.host
                .instances()
                .configure(ACME, MeasuredHost.MAIN, new Json("{\"greeting\":\"other\"}"), null, MeasuredHost.ADA);
    }

    private static String refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem().code();
    }
}
