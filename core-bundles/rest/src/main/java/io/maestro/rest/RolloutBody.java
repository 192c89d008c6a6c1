package io.maestro.rest;

import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Member;
import io.maestro.api.adapters.Rollouts.Place;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rollout as it crosses the wire. */
record RolloutBody(
        String id,
        String adapter,
        String version,
        State state,
        int step,
        List<RolloutStep> steps,
        RolloutGates gates,
        List<RolloutMember> members,
        @Nullable Json seen,
        @Nullable Json report,
        @Nullable ProblemBody problem,
        String actor,
        Instant startedAt,
        @Nullable Instant endedAt) {

    static RolloutBody of(Rollout rollout) {
        return new RolloutBody(
                rollout.id().toString(),
                rollout.course().adapter().value(),
                rollout.course().version().value(),
                rollout.state(),
                rollout.step(),
                rollout.course().steps().stream().map(RolloutStep::of).toList(),
                RolloutGates.of(rollout.course().gates()),
                rollout.members().stream().map(RolloutMember::of).toList(),
                rollout.seen(),
                rollout.report(),
                ProblemBody.within(rollout.problem()),
                rollout.actor(),
                rollout.startedAt(),
                rollout.endedAt());
    }

    record RolloutStep(List<String> tenants, List<PlaceBody> instances, int percent, long holdSeconds, int calls) {
        static RolloutStep of(Step step) {
            return new RolloutStep(
                    step.tenants().stream().map(TenantId::value).toList(),
                    step.instances().stream().map(PlaceBody::of).toList(),
                    step.percent(),
                    step.hold().toSeconds(),
                    step.calls());
        }
    }

    record PlaceBody(String tenant, String environment, String instance) {
        PlaceBody {
            Wire.required("/tenant", tenant);
            Wire.required("/environment", environment);
            Wire.required("/instance", instance);
        }

        static PlaceBody of(Place place) {
            return new PlaceBody(
                    place.scope().tenant().value(),
                    place.scope().environment().value(),
                    place.instance().value());
        }

        Place place() {
            return new Place(Scope.of(tenant, environment), new InstanceId(instance));
        }
    }

    record RolloutGates(
            double errors,
            double percentile,
            double slowdown,
            long slackMs,
            double refusals,
            boolean shadow,
            double differences,
            int samples) {
        static RolloutGates of(Gates gates) {
            return new RolloutGates(
                    gates.errors(),
                    gates.percentile(),
                    gates.slowdown(),
                    gates.slack().toMillis(),
                    gates.refusals(),
                    gates.shadow(),
                    gates.differences(),
                    gates.samples());
        }
    }

    record RolloutMember(
            String tenant,
            String environment,
            String instance,
            String from,
            Progress progress,
            @Nullable ProblemBody problem) {
        static RolloutMember of(Member member) {
            PlaceBody place = PlaceBody.of(member.place());
            return new RolloutMember(
                    place.tenant(),
                    place.environment(),
                    place.instance(),
                    member.from().value(),
                    member.progress(),
                    ProblemBody.within(member.problem()));
        }
    }

    @Schema(
            example =
                    "{\"version\":\"1.1.0\",\"steps\":[{\"tenants\":[\"acme\"],\"percent\":10,\"holdSeconds\":60},{\"holdSeconds\":60}]}")
    record NewRollout(
            String version,
            @Nullable List<NewStep> steps,
            @Nullable NewGates gates) {
        NewRollout {
            Wire.required("/version", version);
        }

        List<Step> wanted() {
            return steps == null ? List.of() : steps.stream().map(NewStep::step).toList();
        }

        Gates limits() {
            return gates == null ? Gates.USUAL : gates.gates();
        }
    }

    record NewStep(
            @Nullable List<String> tenants,
            @Nullable List<PlaceBody> instances,
            @Nullable Integer percent,
            @Nullable Integer holdSeconds,
            @Nullable Integer calls) {
        private static final int USUAL_HOLD = 10;

        Step step() {
            return new Step(
                    tenants == null
                            ? List.of()
                            : tenants.stream().map(TenantId::new).toList(),
                    instances == null
                            ? List.of()
                            : instances.stream().map(PlaceBody::place).toList(),
                    percent == null ? 100 : percent,
                    Duration.ofSeconds(holdSeconds == null ? USUAL_HOLD : holdSeconds),
                    calls == null ? 0 : calls);
        }
    }

    record NewGates(
            @Nullable Double errors,
            @Nullable Double percentile,
            @Nullable Double slowdown,
            @Nullable Integer slackMs,
            @Nullable Double refusals,
            @Nullable Boolean shadow,
            @Nullable Double differences,
            @Nullable Integer samples) {
        Gates gates() {
            Gates usual = Gates.USUAL;
            return new Gates(
                    errors == null ? usual.errors() : errors,
                    percentile == null ? usual.percentile() : percentile,
                    slowdown == null ? usual.slowdown() : slowdown,
                    slackMs == null ? usual.slack() : Duration.ofMillis(slackMs),
                    refusals == null ? usual.refusals() : refusals,
                    shadow == null ? usual.shadow() : shadow,
                    differences == null ? usual.differences() : differences,
                    samples == null ? usual.samples() : samples);
        }
    }
}
