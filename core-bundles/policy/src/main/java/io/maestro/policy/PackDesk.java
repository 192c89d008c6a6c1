package io.maestro.policy;

import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.policy.JooqPacks.Seen;
import io.maestro.policy.JooqPacks.Stored;
import io.maestro.policy.PolicyRows.StoredPack;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes packs in, goes back, and keeps the keys that may sign them. */
final class PackDesk implements PolicyPacks {
    private static final int LARGEST = 4 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final int MOST_REVISION = 200;
    private static final int MOST_ROOTS = 20;
    private static final Revision BUILT_IN = new Revision("", "", null, 0, Instant.EPOCH, "-");

    private final JooqPacks rows;
    private final BundleFormat format;
    private final PackGate gate;
    private final WayBack wayBack;
    private final Supplier<PackText> builtIn;
    private final Consumer<TenantId> tenants;
    private final ActivePolicies policies;
    private final InstantSource clock;

    PackDesk(
            JooqPacks rows,
            BundleFormat format,
            Supplier<PackText> builtIn,
            Consumer<TenantId> tenants,
            ActivePolicies policies,
            WayBack wayBack,
            InstantSource clock) {
        this.rows = rows;
        this.format = format;
        this.gate = new PackGate(clock);
        this.wayBack = wayBack;
        this.builtIn = builtIn;
        this.tenants = tenants;
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public List<Pack> packs(@Nullable TenantId tenant) {
        require(tenant);
        List<Pack> packs = new ArrayList<>(rows.packs(tenant));
        if (tenant == null) {
            Optional<Pack> uploaded = packs.stream()
                    .filter(pack -> pack.name().equals(ActivePolicies.MAIN))
                    .findFirst();
            uploaded.ifPresent(packs::remove);
            packs.addFirst(withBuiltIn(uploaded));
        }
        return policies.elsewhere() == null
                ? packs
                : packs.stream().map(PackDesk::idle).toList();
    }

    /** Kept, but not what decides. */
    private static Pack idle(Pack pack) {
        return new Pack(pack.tenant(), pack.name(), false, null, pack.revisions(), pack.lastRefused());
    }

    private Pack withBuiltIn(Optional<Pack> uploaded) {
        Revision own = builtInRevision();
        List<Revision> revisions = new ArrayList<>(uploaded.map(Pack::revisions).orElse(List.of()));
        revisions.add(own);
        Revision active = uploaded.map(Pack::active).orElse(null);
        return new Pack(
                null,
                ActivePolicies.MAIN,
                active == null,
                active == null ? own : active,
                revisions,
                uploaded.map(Pack::lastRefused).orElse(null));
    }

    private Revision builtInRevision() {
        return new Revision(
                builtIn.get().revision(), BUILT_IN.digest(), null, BUILT_IN.tests(), BUILT_IN.at(), BUILT_IN.by());
    }

    @Override
    public Pack pack(@Nullable TenantId tenant, String name) {
        return packs(tenant).stream()
                .filter(pack -> pack.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    @Override
    public Pack upload(@Nullable TenantId tenant, String name, byte[] bundle, @Nullable Turn planned, Actor actor) {
        require(tenant);
        requireHere();
        requireName(name);
        try {
            Checked checked = checked(tenant, name, bundle, actor);
            rows.activate(
                    tenant,
                    name,
                    checked.opened(),
                    bundle,
                    Digest.sha256(bundle),
                    checked.tests(),
                    seen(planned),
                    actor);
        } catch (ProblemException e) {
            if (e.problem().code().equals(PolicyProblem.POLICY_PACK_REFUSED.code())) {
                rows.refuse(tenant, name, e.problem(), actor);
            }
            throw e;
        }
        policies.refresh();
        return pack(tenant, name);
    }

    @Override
    public Turn planUpload(@Nullable TenantId tenant, String name, byte[] bundle, Actor actor) {
        require(tenant);
        requireHere();
        requireName(name);
        Checked checked = checked(tenant, name, bundle, actor);
        return new Turn(
                active(tenant, name),
                new Revision(
                        checked.opened().revision(),
                        Digest.sha256(bundle).toString(),
                        checked.opened().key(),
                        checked.tests(),
                        clock.instant(),
                        actor.id()));
    }

    /** What the rows have to say still; the built-in revision has none. */
    private static @Nullable Seen seen(@Nullable Turn planned) {
        if (planned == null) {
            return null;
        }
        Revision before = planned.before();
        return new Seen(before == null || before.key() == null ? null : before);
    }

    private @Nullable Revision active(@Nullable TenantId tenant, String name) {
        return packs(tenant).stream()
                .filter(pack -> pack.name().equals(name))
                .findFirst()
                .map(Pack::active)
                .orElse(null);
    }

    /** A bundle that may become active. */
    private record Checked(BundleFormat.Opened opened, int tests) {}

    private Checked checked(@Nullable TenantId tenant, String name, byte[] bundle, Actor actor) {
        if (bundle.length > LARGEST) {
            throw PackGate.refused(name, "it is larger than " + LARGEST + " bytes", "Make it smaller.", List.of());
        }
        BundleFormat.Opened opened = format.open(name, bundle, rows.keys(tenant));
        requireNewer(tenant, name, opened.revision());
        requireApart(tenant, name, opened);
        int tests = gate.check(tenant, name, opened);
        requireWayBack(
                tenant,
                name,
                new StoredPack(name, opened.revision(), Digest.sha256(bundle).hex(), bundle),
                actor);
        return new Checked(opened, tests);
    }

    @Override
    public Json describe(byte[] bundle) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("digest", Digest.sha256(bundle));
        members.put("size", bundle.length);
        if (bundle.length <= LARGEST) {
            try {
                BundleFormat.Opened opened = format.open("described", bundle, null);
                members.put("revision", bounded(opened.revision()));
                members.put(
                        "roots",
                        opened.roots().stream()
                                .limit(MOST_ROOTS)
                                .map(PackDesk::bounded)
                                .toList());
            } catch (ProblemException e) {
                members.put("unreadable", bounded(String.valueOf(e.problem().detail())));
            }
        }
        return Json.object(members);
    }

    private static String bounded(String text) {
        return text.length() <= MOST_REVISION ? text : text.substring(0, MOST_REVISION);
    }

    /** Newer than all that are kept: else an old bundle with a hole would be as good as its successor. */
    private void requireNewer(@Nullable TenantId tenant, String name, String revision) {
        if (revision.isBlank() || revision.length() > MOST_REVISION || revision.indexOf('\0') >= 0) {
            throw PackGate.refused(name, "its manifest names no revision", "Put a revision into .manifest.", List.of());
        }
        List<String> known = new ArrayList<>();
        rows.revisions(tenant, name).forEach(one -> known.add(one.revision().revision()));
        if (tenant == null && name.equals(ActivePolicies.MAIN)) {
            known.add(builtIn.get().revision());
        }
        RevisionOrder order = new RevisionOrder();
        for (String one : known) {
            if (order.compare(revision, one) <= 0) {
                throw PackGate.refused(
                        name,
                        "its revision " + revision + " is not newer than " + one,
                        "Raise the revision in .manifest. To go back to an earlier one, use rollback.",
                        List.of());
            }
        }
    }

    private static StoredPack stored(String name, Stored stored) {
        return new StoredPack(
                name, stored.revision().revision(), stored.revision().digest(), stored.bundle());
    }

    /** With all that decides beside it, and not by itself alone, it must not lock everybody out. */
    private void requireWayBack(@Nullable TenantId tenant, String name, @Nullable StoredPack pack, Actor actor) {
        if (tenant == null) {
            wayBack.againstPack(name, stored -> stored.withPack(name, pack), actor)
                    .ifPresent(why -> {
                        throw PackGate.refused(
                                name,
                                "with it " + why,
                                "Leave platform admins the acts policy-pack.rollback, policy-pack.remove and policy-modes.put.",
                                List.of());
                    });
        }
    }

    /** Two packs of a tenant lie below one path; what one says must not be what the other says. */
    private void requireApart(@Nullable TenantId tenant, String name, BundleFormat.Opened opened) {
        if (tenant == null) {
            return;
        }
        for (Pack other : rows.packs(tenant)) {
            if (other.name().equals(name) || other.active() == null) {
                continue;
            }
            for (Stored stored : rows.revisions(tenant, other.name())) {
                if (stored.revision().equals(other.active())) {
                    BundleFormat.Opened active = format.open(other.name(), stored.bundle(), null);
                    for (String root : opened.roots()) {
                        for (String taken : active.roots()) {
                            if (overlap(root, taken)) {
                                throw PackGate.refused(
                                        name,
                                        "its root " + root + " overlaps the root " + taken + " of the pack "
                                                + other.name(),
                                        "Give each pack roots of its own, or make one pack of them.",
                                        List.of());
                            }
                        }
                    }
                }
            }
        }
    }

    private static boolean overlap(String one, String other) {
        return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
    }

    @Override
    public Pack rollback(
            @Nullable TenantId tenant, String name, @Nullable String revision, @Nullable Turn planned, Actor actor) {
        @Nullable Stored chosen = chosen(tenant, name, revision, actor);
        Revision after = chosen == null ? builtInRevision() : chosen.revision();
        if (planned != null && !after.equals(planned.after())) {
            // the pack was taken away, and made anew
            throw JooqPacks.changed(name, "its revision " + after.revision() + " is another one of that name");
        }
        rows.activate(tenant, name, chosen == null ? null : chosen.id(), seen(planned), actor);
        policies.refresh();
        return pack(tenant, name);
    }

    @Override
    public Turn planRollback(@Nullable TenantId tenant, String name, @Nullable String revision, Actor actor) {
        @Nullable Stored chosen = chosen(tenant, name, revision, actor);
        return new Turn(active(tenant, name), chosen == null ? builtInRevision() : chosen.revision());
    }

    /** The revision to go back to, which may be gone back to; null for the built-in one. */
    private @Nullable Stored chosen(@Nullable TenantId tenant, String name, @Nullable String revision, Actor actor) {
        requireHere();
        Pack pack = pack(tenant, name);
        List<Stored> stored = rows.revisions(tenant, name);
        @Nullable UUID wanted = revision == null ? before(pack, stored) : named(pack, stored, revision);
        for (Stored one : stored) {
            if (one.id().equals(wanted)) {
                gate.check(tenant, name, format.open(name, one.bundle(), null));
                requireWayBack(tenant, name, stored(name, one), actor);
                return one;
            }
        }
        requireWayBack(tenant, name, null, actor);
        return null;
    }

    /** The revision that came before the active one; null for the built-in one. */
    private static @Nullable UUID before(Pack pack, List<Stored> stored) {
        boolean passed = false;
        for (Stored one : stored) {
            if (passed) {
                return one.id();
            }
            passed = one.revision().equals(pack.active());
        }
        if (passed && isMain(pack)) {
            return null;
        }
        throw unknown(pack.name() + "\" before the active revision \"");
    }

    private static @Nullable UUID named(Pack pack, List<Stored> stored, String revision) {
        for (Stored one : stored) {
            if (one.revision().revision().equals(revision)) {
                return one.id();
            }
        }
        if (isMain(pack) && pack.revisions().getLast().revision().equals(revision)) {
            return null;
        }
        throw unknown(pack.name() + "\" of the revision \"" + revision);
    }

    private static boolean isMain(Pack pack) {
        return pack.tenant() == null && pack.name().equals(ActivePolicies.MAIN);
    }

    @Override
    public void remove(@Nullable TenantId tenant, String name, @Nullable Turn planned, Actor actor) {
        requireRemovable(tenant, name, actor);
        if (!rows.remove(tenant, name, seen(planned), actor)) {
            throw unknown(name);
        }
        policies.refresh();
    }

    @Override
    public Turn planRemove(@Nullable TenantId tenant, String name, Actor actor) {
        requireRemovable(tenant, name, actor);
        boolean there = rows.packs(tenant).stream().anyMatch(pack -> pack.name().equals(name));
        if (!there) {
            throw unknown(name);
        }
        boolean main = tenant == null && name.equals(ActivePolicies.MAIN);
        return new Turn(active(tenant, name), main ? builtInRevision() : null);
    }

    private void requireRemovable(@Nullable TenantId tenant, String name, Actor actor) {
        require(tenant);
        requireHere();
        if (tenant == null) {
            wayBack.againstPack(name, stored -> stored.withPack(name, null), actor)
                    .ifPresent(why -> {
                        throw WayBack.lockedOut("the pack \"" + name + "\" gone", why);
                    });
        }
    }

    @Override
    public List<PolicyKey> keys(@Nullable TenantId tenant) {
        require(tenant);
        return rows.keys(tenant);
    }

    @Override
    public PolicyKey trust(@Nullable TenantId tenant, String id, String algorithm, String publicKey, Actor actor) {
        require(tenant);
        if (!KEY_ID.matcher(id).matches()) {
            throw Problem.of(
                            PolicyProblem.POLICY_KEY_INVALID,
                            "that is no id of a key",
                            "Use 1 to 100 letters, digits, points, colons, underscores and hyphens.")
                    .asException();
        }
        PolicyKey key = new PolicyKey(
                tenant, id, algorithm, PackKeys.checked(algorithm, publicKey), clock.instant(), actor.id());
        if (!rows.trust(key, actor)) {
            throw Problem.of(
                            PolicyProblem.POLICY_KEY_EXISTS,
                            "a key with the id \"" + id + "\" is trusted already",
                            "Give the new key another id.")
                    .asException();
        }
        return key;
    }

    @Override
    public void distrust(@Nullable TenantId tenant, String id, Actor actor) {
        require(tenant);
        if (!rows.distrust(tenant, id, actor)) {
            throw Problem.of(PolicyProblem.POLICY_KEY_UNKNOWN, "there is no such key here", "List the keys.")
                    .asException();
        }
    }

    private void require(@Nullable TenantId tenant) {
        if (tenant != null) {
            tenants.accept(tenant);
        }
    }

    /** What would be taken in, and never decide, would only mislead. */
    private void requireHere() {
        if (policies.elsewhere() != null) {
            throw Problem.of(
                            PolicyProblem.POLICY_PACKS_ELSEWHERE,
                            "an OPA server decides here, and has its packs from bundles of its own",
                            "Have the OPA server fetch the bundle, or start the node with --policy-engine own.")
                    .asException();
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.of(
                            CallerProblem.INVALID_NAME,
                            "that is no name of a pack",
                            "Use 1 to 63 lower-case letters, digits and inner hyphens.")
                    .asException();
        }
    }

    private static ProblemException unknown(String name) {
        return Problem.of(
                        PolicyProblem.POLICY_PACK_UNKNOWN, "there is no pack \"" + name + "\" here", "List the packs.")
                .asException();
    }
}
