package io.maestro.rest;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Rollouts;
import io.maestro.api.policy.Outcome;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One rollout, of the adapter and the steps that were given last. */
final class FakeRollouts implements Rollouts {
    private final List<String> touched;

    FakeRollouts(List<String> touched) {
        this.touched = touched;
    }

    static final UUID ID = new UUID(1, 2);

    private @Nullable Rollout last;

    @Override
    public Plan plan(Course course, Actor actor) {
        touched.add("plan");
        return new Plan(
                "rollout.start",
                course.adapter() + "@" + course.version(),
                null,
                null,
                new Plan.Effects(
                        List.of(), List.of(), List.of(), List.of(), List.of("acme/prod/files"), List.of("acme")),
                new Plan.Permissions(List.of(), List.of(), List.of(), List.of()),
                null,
                new Plan.Policy(Outcome.ALLOW, List.of(), List.of()),
                null,
                List.of(),
                new Digest("ab".repeat(32)));
    }

    @Override
    public Rollout start(Course course, @Nullable Digest expected, Actor actor) {
        touched.add("startRollout");
        Member member = new Member(
                new Place(Scope.of("acme", "prod"), new InstanceId("files")),
                new AdapterVersion("1.0.0"),
                Progress.WAITING,
                null);
        last = new Rollout(ID, course, State.TRYING, 1, List.of(member), null, null, null, actor.id(), Fakes.NOW, null);
        return last;
    }

    @Override
    public Page<Rollout> rollouts(AdapterName adapter, PageRequest page) {
        touched.add("rollouts");
        Rollout known = last;
        return new Page<>(known == null ? List.of() : List.of(known), null);
    }

    @Override
    public Rollout rollout(UUID id) {
        touched.add("rollout");
        Rollout known = last;
        if (known == null || !id.equals(ID)) {
            throw Fakes.problem(AdapterProblem.ROLLOUT_UNKNOWN);
        }
        return known;
    }

    @Override
    public Rollout cancel(UUID id, Actor actor) {
        touched.add("cancelRollout");
        return rollout(id);
    }
}
