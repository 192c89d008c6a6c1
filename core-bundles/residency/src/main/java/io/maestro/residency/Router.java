package io.maestro.residency;

import io.maestro.api.policy.Decision;
import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.StorageRoutes;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.residency.JooqLedger.Entry;
import io.maestro.residency.Placement.Written;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instance, asks whether the data may be kept there, and keeps it. A write is noted first, then done, then settled: one
 * that is broken off in between was never there, and the sweeper deletes its object.
 */
final class Router implements StorageRoutes, Items {
    /** How often an item may change over to another placement while one reader opens it. */
    private static final int MOST_PLACEMENTS = 5;

    /** How often a route may change while one writer looks for its way. */
    private static final int MOST_ROUTES = 5;

    /** The engine itself, where nobody else acts. */
    static final Actor SELF = Actor.system("residency");

    private static final String OBJECT_NOT_FOUND = "object-not-found";

    private final Tenants tenants;
    private final JooqRoutes routes;
    private final JooqLedger ledger;
    private final Backends backends;
    private final ResidencyGuard guard;

    Router(Tenants tenants, JooqRoutes routes, JooqLedger ledger, Backends backends, ResidencyGuard guard) {
        this.tenants = tenants;
        this.routes = routes;
        this.ledger = ledger;
        this.backends = backends;
        this.guard = guard;
    }

    @Override
    public Route put(Scope scope, Region region, Kind kind, InstanceId instance, Actor actor) {
        tenants.require(scope);
        Backend backend = backends.look(scope, instance);
        // on top of the act itself, about which somebody else has asked
        var _ = guard.require(Asked.way(scope, "storage-route.put", kind, region, actor), backend);
        return routes.put(scope, region, kind, backend.instance(), actor);
    }

    @Override
    public Route route(Scope scope, Region region, Kind kind) {
        tenants.require(scope);
        return routes.find(scope, region, kind).orElseThrow(() -> JooqRoutes.unknown(scope, region, kind));
    }

    @Override
    public Page<Route> routes(Scope scope, PageRequest page) {
        tenants.require(scope);
        return routes.list(scope, page);
    }

    @Override
    public void remove(Scope scope, Region region, Kind kind, Actor actor) {
        tenants.require(scope);
        routes.remove(scope, region, kind, actor);
    }

    @Override
    public Item put(Scope scope, ItemName name, Region region, Content content, Actor actor) {
        for (int i = 0; i < MOST_ROUTES; i++) {
            Route route = route(scope, region, name.kind());
            Backend backend = backends.open(scope, route.instance());
            Decision decision =
                    guard.require(Asked.item(scope, "data.put", name, region, content.digest(), actor), backend);
            Optional<Placement> intended = ledger.intend(scope, name, region, route.instance(), content.type());
            if (intended.isPresent()) {
                return write(intended.get(), backend, content, allowed(actor, decision));
            }
            // a transfer, or whoever changed the route, was faster: nothing is sent yet, so it goes the new way
        }
        throw Problem.of(
                        ResidencyProblem.DATA_WRITE_GIVEN_UP,
                        "the route of " + name.kind() + " of " + region + " in " + scope
                                + " changes faster than a write can follow it",
                        "Store it again.")
                .asException();
    }

    private Item write(Placement placement, Backend backend, Content content, Actor actor) {
        try {
            Written written = backends.put(placement, backend, content, actor);
            return ledger.settle(placement, written, actor);
        } catch (RuntimeException e) {
            giveUp(placement, e);
            throw e;
        }
    }

    static Actor allowed(Actor actor, Decision decision) {
        UUID approval = decision.approval();
        return actor.allowedBy(decision.id().toString(), approval == null ? null : approval.toString());
    }

    /** What cannot be noted now is found by the sweeper later. */
    private void giveUp(Placement placement, RuntimeException why) {
        try {
            if (!ledger.giveUp(placement)) {
                // the sweeper came before the bytes did
                backends.delete(placement, SELF);
            }
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public OpenItem open(Scope scope, ItemName name, Actor actor) {
        tenants.require(scope);
        UUID tried = null;
        for (int i = 0; i < MOST_PLACEMENTS; i++) {
            Entry entry = ledger.find(scope, name).orElseThrow(() -> JooqLedger.unknown(scope, name));
            try {
                return new OpenItem(entry.item(), backends.get(entry.placement(), entry.written(), actor));
            } catch (ProblemException e) {
                boolean gone = e.problem().code().equals(OBJECT_NOT_FOUND);
                if (gone && entry.placement().id().equals(tried)) {
                    throw Backends.damaged(entry.placement(), "it is not there");
                }
                if (!gone) {
                    throw e;
                }
                // moved or replaced a moment ago: what it has now is looked at once more
                tried = entry.placement().id();
            }
        }
        throw Backends.damaged(
                ledger.find(scope, name)
                        .orElseThrow(() -> JooqLedger.unknown(scope, name))
                        .placement(),
                "it changes faster than it can be read");
    }

    @Override
    public Item item(Scope scope, ItemName name) {
        tenants.require(scope);
        return ledger.find(scope, name)
                .orElseThrow(() -> JooqLedger.unknown(scope, name))
                .item();
    }

    @Override
    public Page<Item> items(Scope scope, @Nullable Kind kind, PageRequest page) {
        tenants.require(scope);
        return ledger.list(scope, kind, page);
    }

    @Override
    public void delete(Scope scope, ItemName name, Actor actor) {
        tenants.require(scope);
        ledger.delete(scope, name, actor);
    }
}
