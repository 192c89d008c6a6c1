package io.maestro.rest;

import io.maestro.api.identity.Principal;
import io.maestro.api.policy.Approvals;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.policy.PolicySettings;
import io.maestro.api.policy.Reason;
import io.maestro.api.policy.Simulation;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Allows everything, unless it is told otherwise, and remembers what it was asked. */
final class FakeGovernance implements Governance, Decisions, Approvals, PolicySettings, PolicyPacks, Simulation {
    static final UUID ID = UUID.fromString("01980000-0000-7000-8000-000000000001");

    final List<PolicyInput> asked = new CopyOnWriteArrayList<>();
    final List<PolicyInput> required = new CopyOnWriteArrayList<>();
    final List<PolicyInput> used = new CopyOnWriteArrayList<>();
    final AtomicReference<Outcome> outcome = new AtomicReference<>(Outcome.ALLOW);
    final AtomicReference<@Nullable UUID> approval = new AtomicReference<>();
    final List<Actor> actors = new CopyOnWriteArrayList<>();
    final AtomicReference<@Nullable Problem> refusal = new AtomicReference<>();
    final AtomicReference<@Nullable Reason> warning = new AtomicReference<>();

    private final List<String> touched;

    FakeGovernance(List<String> touched) {
        this.touched = touched;
    }

    static Reason reason(Mode mode) {
        return new Reason(
                Reason.Kind.DENY, "R-1", "A rule", "it is not so", Json.EMPTY_OBJECT, null, "low", mode, "maestro");
    }

    @Override
    public Decision decide(PolicyInput input) {
        asked.add(input);
        Reason warned = warning.get();
        return new Decision(
                ID,
                Objects.requireNonNull(outcome.get()),
                warned == null ? List.of() : List.of(warned),
                approval.get());
    }

    @Override
    public Decision require(PolicyInput input) {
        Decision decision = decide(input);
        required.add(input);
        if (decision.outcome() == Outcome.APPROVAL) {
            throw Problem.of(PolicyProblem.APPROVAL_REQUIRED, "somebody else has to allow it", null)
                    .asException();
        }
        Problem refused = refusal.get();
        if (refused != null) {
            throw refused.asException();
        }
        return decision;
    }

    @Override
    public void use(PolicyInput input, Decision decision) {
        if (decision.approval() != null) {
            used.add(input);
        }
    }

    @Override
    public Json describe(byte[] bundle) {
        return Json.object(Map.of("size", bundle.length));
    }

    @Override
    public Page<Recorded> decisions(Filter filter, PageRequest page) {
        touched.add("decisions");
        return new Page<>(List.of(recorded(filter.tenant())), null);
    }

    private static Recorded recorded(@Nullable TenantId tenant) {
        return new Recorded(
                ID,
                Fakes.NOW,
                tenant,
                null,
                EntryPoint.ADAPTER_INSTALL,
                "instance.create",
                "token:x",
                "c",
                Outcome.DENY,
                List.of(reason(Mode.ENFORCE)),
                Map.of("maestro", "1"),
                Json.EMPTY_OBJECT,
                List.of(),
                1,
                12_000);
    }

    @Override
    public Explanation explain(@Nullable TenantId tenant, UUID decision) {
        touched.add("explain");
        return new Explanation(
                recorded(tenant),
                List.of(new Explained(
                        reason(Mode.ENFORCE), "a.rego", 7, Map.of("/scope/tenant", new Json("\"acme\"")))),
                null,
                "no small change was found");
    }

    @Override
    public List<Explanation> explainAll(@Nullable TenantId tenant, String execution) {
        return List.of(explain(tenant, ID));
    }

    @Override
    public Page<Request> requests(
            @Nullable TenantId tenant, @Nullable Environment environment, @Nullable State state, PageRequest page) {
        touched.add("approvals");
        return new Page<>(List.of(), null);
    }

    @Override
    public Request request(@Nullable TenantId tenant, @Nullable Environment environment, UUID id) {
        throw Problem.of(PolicyProblem.APPROVAL_UNKNOWN, "there is none", null).asException();
    }

    @Override
    public Request decide(UUID id, boolean approve, String reason, Principal decider, Actor actor) {
        touched.add("decide");
        return request(null, null, id);
    }

    @Override
    public Kept settings(@Nullable TenantId tenant) {
        touched.add("settings");
        return new Kept(Json.EMPTY_OBJECT, 0, null, null);
    }

    @Override
    public Kept put(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor) {
        actors.add(actor);
        touched.add("put settings");
        return new Kept(settings, 1, Fakes.NOW, actor.id());
    }

    @Override
    public Kept modes(@Nullable TenantId tenant) {
        touched.add("modes");
        return new Kept(Json.EMPTY_OBJECT, 0, null, null);
    }

    @Override
    public Kept putModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor) {
        return put(tenant, modes, revision, actor);
    }

    @Override
    public Kept beforePut(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor) {
        touched.add("before");
        return settings(tenant);
    }

    @Override
    public Kept beforePutModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor) {
        touched.add("before");
        return modes(tenant);
    }

    private static Revision revision(String name) {
        return new Revision(name, "ab".repeat(32), "k", 1, Fakes.NOW, "token:x");
    }

    @Override
    public Turn planUpload(@Nullable TenantId tenant, String name, byte[] bundle, Actor actor) {
        touched.add("before");
        return new Turn(null, revision("2"));
    }

    @Override
    public Turn planRollback(@Nullable TenantId tenant, String name, @Nullable String revision, Actor actor) {
        touched.add("before");
        return new Turn(revision("2"), revision("1"));
    }

    @Override
    public Turn planRemove(@Nullable TenantId tenant, String name, Actor actor) {
        touched.add("before");
        return new Turn(revision("2"), null);
    }

    private static String asPlanned(@Nullable Turn planned) {
        return planned == null ? "" : " as planned";
    }

    private static Pack packOf(@Nullable TenantId tenant, String name) {
        return new Pack(tenant, name, false, null, List.of(), null);
    }

    @Override
    public List<Pack> packs(@Nullable TenantId tenant) {
        touched.add("packs");
        return List.of(packOf(tenant, "maestro"));
    }

    @Override
    public Pack pack(@Nullable TenantId tenant, String name) {
        touched.add("pack");
        return packOf(tenant, name);
    }

    @Override
    public Pack upload(@Nullable TenantId tenant, String name, byte[] bundle, @Nullable Turn planned, Actor actor) {
        touched.add("upload " + bundle.length + asPlanned(planned));
        return packOf(tenant, name);
    }

    @Override
    public Pack rollback(
            @Nullable TenantId tenant, String name, @Nullable String revision, @Nullable Turn planned, Actor actor) {
        touched.add("rollback " + revision + asPlanned(planned));
        return packOf(tenant, name);
    }

    @Override
    public void remove(@Nullable TenantId tenant, String name, @Nullable Turn planned, Actor actor) {
        touched.add("remove" + asPlanned(planned));
    }

    @Override
    public List<PolicyKey> keys(@Nullable TenantId tenant) {
        touched.add("keys");
        return List.of();
    }

    @Override
    public PolicyKey trust(@Nullable TenantId tenant, String id, String algorithm, String publicKey, Actor actor) {
        touched.add("trust");
        return new PolicyKey(tenant, id, algorithm, publicKey, Fakes.NOW, actor.id());
    }

    @Override
    public void distrust(@Nullable TenantId tenant, String id, Actor actor) {
        touched.add("distrust");
    }

    @Override
    public Simulated simulate(@Nullable TenantId tenant, Candidate candidate) {
        touched.add("simulate");
        return new Simulated(candidate.last(), Map.of(Outcome.DENY, 1), List.of(), 0, List.of(Outcome.DENY));
    }
}
