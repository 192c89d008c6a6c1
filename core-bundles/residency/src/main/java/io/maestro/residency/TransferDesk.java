package io.maestro.residency;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.residency.Transfers;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import java.util.List;
import java.util.UUID;

/** Takes orders for transfers; {@link TransferRunner} carries them out. */
final class TransferDesk implements Transfers {
    private final Tenants tenants;
    private final JooqRoutes routes;
    private final JooqTransfers rows;
    private final Backends backends;
    private final ResidencyGuard guard;

    TransferDesk(Tenants tenants, JooqRoutes routes, JooqTransfers rows, Backends backends, ResidencyGuard guard) {
        this.tenants = tenants;
        this.routes = routes;
        this.rows = rows;
        this.backends = backends;
        this.guard = guard;
    }

    @Override
    public Transfer start(Scope scope, Course course, Actor actor) {
        tenants.require(scope);
        if (course.source().equals(course.target())) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "source and target are the same instance",
                            "Name the instance that keeps the data, and the one that is to keep it.")
                    .asException();
        }
        return rows.start(scope, course, ends(scope, "transfer.start", course, actor), actor);
    }

    /** Source and target, when both are there and the target may keep the data. */
    private List<Instance> ends(Scope scope, String action, Course course, Actor actor) {
        Backend source = backends.look(scope, course.source());
        Backend target = backends.look(scope, course.target());
        Asked way = Asked.way(scope, action, course.kind(), course.region(), actor)
                .from(routes.region(scope, course.source()).orElse(null));
        var _ = guard.require(way, target);
        return List.of(source.instance(), target.instance());
    }

    @Override
    public Transfer transfer(Scope scope, UUID id) {
        tenants.require(scope);
        return rows.find(scope, id).orElseThrow(() -> JooqTransfers.unknown(scope, id));
    }

    @Override
    public Page<Transfer> transfers(Scope scope, PageRequest page) {
        tenants.require(scope);
        return rows.list(scope, page);
    }

    @Override
    public Transfer cancel(Scope scope, UUID id, Actor actor) {
        tenants.require(scope);
        return rows.change(scope, id, State.CANCELLED, List.of(), actor);
    }

    @Override
    public Transfer resume(Scope scope, UUID id, Actor actor) {
        Transfer before = transfer(scope, id);
        List<Instance> ends =
                before.state() == State.DONE ? List.of() : ends(scope, "transfer.resume", before.course(), actor);
        return rows.change(scope, id, State.RUNNING, ends, actor);
    }
}
