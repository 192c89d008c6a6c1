package io.maestro.policy;

import io.maestro.model.TenantId;
import io.maestro.policy.Active.OfTenant;
import io.maestro.policy.Active.Opened;
import io.maestro.policy.PolicyRows.Stored;
import io.maestro.policy.PolicyRows.StoredPack;
import io.maestro.rego.Capabilities;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What decides now. Read without a lock; replaced by one write. Nothing is loaded or compiled before the first question,
 * and a tenant's packs not before the first one about it.
 */
final class ActivePolicies implements AutoCloseable {
    /** The pack whose word is needed; the built-in one until another of this name is uploaded. */
    static final String MAIN = "maestro";

    private static final System.Logger LOG = System.getLogger(ActivePolicies.class.getName());
    private static final int MOST_OPENED = 256;

    private final PolicyRows rows;
    private final Supplier<PackText> builtIn;
    private final BundleFormat format;
    private final @Nullable PolicyEngine elsewhere;
    private final ObjectValue ofNode;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile @Nullable Active active;
    private volatile boolean unloadable;
    private @Nullable Active former;

    /**
     * The policies of a node.
     *
     * @param elsewhere the engine that has the packs; null for our own
     * @param profile which profile holds where the settings of the installation name none
     */
    ActivePolicies(
            PolicyRows rows,
            Supplier<PackText> builtIn,
            BundleFormat format,
            @Nullable PolicyEngine elsewhere,
            String profile) {
        this.rows = rows;
        this.builtIn = builtIn;
        this.format = format;
        this.elsewhere = elsewhere;
        this.ofNode = ObjectValue.of("profile", StringValue.of(profile));
    }

    /** What decides; loaded by the first who asks. */
    Active current() throws EngineException {
        Active now = active;
        if (now != null) {
            return now;
        }
        changing.lock();
        try {
            Active loaded = active;
            if (loaded == null) {
                loaded = make(rows.load(), null);
                active = loaded;
                unloadable = false;
            }
            return loaded;
        } catch (RuntimeException e) {
            unloadable = true;
            throw new EngineException("the policies cannot be loaded: " + e.getMessage(), e);
        } finally {
            changing.unlock();
        }
    }

    /** The engine that has the packs; null for our own. */
    @Nullable
    PolicyEngine elsewhere() {
        return elsewhere;
    }

    /** Whether nothing could be loaded when somebody asked last, so that nothing is allowed. */
    boolean unloadable() {
        return unloadable;
    }

    /** The same, without loading anything. */
    @Nullable
    Active loaded() {
        return active;
    }

    /** Takes up what was changed, here or on another node. What decides stays when that fails. */
    void refresh() {
        changing.lock();
        try {
            Active now = active;
            if (now != null && rows.stamp() != now.stamp()) {
                Active next = make(rows.load(), now);
                next.adopt(now);
                active = next;
                former = now;
            }
        } finally {
            changing.unlock();
        }
    }

    /** How often decisions were given again since the last time, those of what decided before included. */
    List<Memo> memos() {
        changing.lock();
        try {
            List<Memo> memos = new ArrayList<>();
            if (former != null) {
                memos.add(former.memo());
            }
            former = null;
            Active now = active;
            if (now != null) {
                memos.add(now.memo());
            }
            return memos;
        } finally {
            changing.unlock();
        }
    }

    /** What would decide after a change; it decides nothing. */
    Active candidate(UnaryOperator<Stored> change) throws EngineException {
        try {
            return make(change.apply(rows.load()), active);
        } catch (RuntimeException e) {
            throw new EngineException("what would decide then cannot be loaded: " + e.getMessage(), e);
        }
    }

    private Active make(Stored stored, @Nullable Active before) {
        Map<String, OfTenant> ofTenants = new HashMap<>();
        stored.tenantPacks()
                .forEach((tenant, digest) -> ofTenants.put(
                        tenant,
                        new OfTenant(
                                digest,
                                settings(stored, tenant),
                                stored.tenantModes().getOrDefault(tenant, Modes.NONE))));
        String digest = stored.packs().stream()
                .map(pack -> pack.name() + "=" + pack.digest())
                .sorted()
                .toList()
                .toString();
        @Nullable Active same = before != null && before.digest().equals(digest) ? before : null;
        return Active.of(
                stored.stamp(),
                digest,
                same != null ? same.main() : main(stored.packs()),
                same != null ? same.more() : more(stored.packs()),
                settings(stored, null),
                stored.modes(),
                ofTenants);
    }

    private Unit main(List<StoredPack> packs) {
        if (elsewhere != null) {
            return Unit.elsewhere(elsewhere, MAIN, MAIN);
        }
        for (StoredPack pack : packs) {
            if (pack.name().equals(MAIN)) {
                return unit(MAIN, text(pack));
            }
        }
        return unit(MAIN, builtIn.get());
    }

    private List<Unit> more(List<StoredPack> packs) {
        if (elsewhere != null) {
            return List.of();
        }
        return packs.stream()
                .filter(pack -> !pack.name().equals(MAIN))
                .map(pack -> unit(prefix(null, pack.name()), text(pack)))
                .toList();
    }

    /** It was checked when it was uploaded. */
    private PackText text(StoredPack pack) {
        return format.open(pack.name(), pack.bundle(), null).text(pack.name());
    }

    /** Below which path the documents of a pack lie, and all that it may bring. */
    static String prefix(@Nullable TenantId tenant, String name) {
        if (tenant != null) {
            return "tenants/" + tenant;
        }
        return name.equals(MAIN) ? MAIN : "packs/" + name;
    }

    private static Unit unit(String prefix, PackText pack) {
        return Unit.of(prefix, pack.name(), List.of(pack), Capabilities.standard());
    }

    /** The unit of a tenant; null when it has no packs. */
    Court.@Nullable Tenants tenants(Active now, @Nullable TenantId tenant) throws EngineException {
        if (tenant == null) {
            return null;
        }
        if (elsewhere != null) {
            String prefix = prefix(tenant, "");
            return new Court.Tenants(Unit.elsewhere(elsewhere, prefix, prefix), now.data(), Modes.NONE);
        }
        OfTenant known = now.ofTenants().get(tenant.value());
        if (known == null) {
            return null;
        }
        Opened opened = now.opened().get(tenant.value());
        if (opened == null) {
            opened = open(now, tenant, known);
        }
        return new Court.Tenants(opened.unit(), known.data(), known.modes());
    }

    private Opened open(Active now, TenantId tenant, OfTenant known) throws EngineException {
        String prefix = prefix(tenant, "");
        try {
            List<PackText> packs =
                    rows.packs(tenant).stream().map(pack -> text(pack)).toList();
            Opened opened = new Opened(known.digest(), Unit.of(prefix, prefix, packs, Capabilities.deterministic()));
            if (now.opened().size() >= MOST_OPENED) {
                now.opened().keySet().stream().findAny().ifPresent(now.opened()::remove);
            }
            now.opened().put(tenant.value(), opened);
            return opened;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the packs of the tenant " + tenant + " cannot be opened", e);
            throw new EngineException("the packs of the tenant " + tenant + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** What packs know, without the settings of other tenants. */
    static ObjectValue narrowed(ObjectValue data, TenantId tenant) {
        if (!(data.get("settings") instanceof ObjectValue settings)
                || !(settings.get("tenants") instanceof ObjectValue all)) {
            return data;
        }
        Value own = all.get(tenant.value());
        ObjectValue rest = own == null ? ObjectValue.EMPTY : ObjectValue.of(tenant.value(), own);
        return data.with(StringValue.of("settings"), settings.with(StringValue.of("tenants"), rest));
    }

    private ObjectValue settings(Stored stored, @Nullable String tenant) {
        Map<Value, Value> tenants = new HashMap<>();
        stored.tenantSettings().forEach((name, settings) -> {
            if (tenant == null || tenant.equals(name)) {
                tenants.put(StringValue.of(name), settings);
            }
        });
        Map<Value, Value> all = new HashMap<>();
        all.put(StringValue.of("platform"), stored.settings());
        all.put(StringValue.of("node"), ofNode);
        all.put(StringValue.of("tenants"), ObjectValue.keeping(tenants));
        return ObjectValue.of("settings", ObjectValue.keeping(all));
    }

    @Override
    public void close() {
        if (elsewhere != null) {
            elsewhere.close();
        }
    }
}
