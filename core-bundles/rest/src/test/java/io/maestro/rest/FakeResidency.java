package io.maestro.rest;

import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.StorageLocations;
import io.maestro.api.residency.StorageRoutes;
import io.maestro.api.residency.Transfers;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One instance keeps everything; there is one route, one item that was stored last, one transfer. */
final class FakeResidency implements StorageRoutes, Items, StorageLocations, Transfers {
    static final UUID ID = new UUID(3, 4);
    private static final InstanceId FILES = new InstanceId("files");

    final List<Content> contents = new ArrayList<>();
    final List<Denials> filters = new ArrayList<>();
    final List<Course> courses = new ArrayList<>();
    private final List<String> touched;
    private byte[] bytes = "kept".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    FakeResidency(List<String> touched) {
        this.touched = touched;
    }

    @Override
    public Route put(Scope scope, Region region, Kind kind, InstanceId instance, Actor actor) {
        touched.add("putRoute");
        return new Route(scope, region, kind, instance, Fakes.NOW, actor.id());
    }

    @Override
    public Route route(Scope scope, Region region, Kind kind) {
        touched.add("route");
        return new Route(scope, region, kind, FILES, Fakes.NOW, "token:x");
    }

    @Override
    public Page<Route> routes(Scope scope, PageRequest page) {
        touched.add("routes");
        return new Page<>(
                List.of(new Route(
                        scope, new Region("eu-central-1"), new Kind("evidence"), FILES, Fakes.NOW, "token:x")),
                null);
    }

    @Override
    public void remove(Scope scope, Region region, Kind kind, Actor actor) {
        touched.add("removeRoute");
    }

    @Override
    public Item put(Scope scope, ItemName name, Region region, Content content, Actor actor) {
        touched.add("putItem");
        contents.add(content);
        try {
            bytes = content.bytes().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return item(scope, name, region);
    }

    private Item item(Scope scope, ItemName name, Region region) {
        return new Item(
                scope, name, region, FILES, bytes.length, Digest.sha256(bytes), "text/plain", Fakes.NOW, "token:x");
    }

    @Override
    public OpenItem open(Scope scope, ItemName name, Actor actor) {
        touched.add("openItem");
        return new OpenItem(item(scope, name, new Region("eu-central-1")), new ByteArrayInputStream(bytes));
    }

    @Override
    public Item item(Scope scope, ItemName name) {
        return item(scope, name, new Region("eu-central-1"));
    }

    @Override
    public Page<Item> items(Scope scope, @Nullable Kind kind, PageRequest page) {
        touched.add("items " + kind);
        return new Page<>(List.of(item(scope, new ItemName(new Kind("evidence"), "a"))), null);
    }

    @Override
    public void delete(Scope scope, ItemName name, Actor actor) {
        touched.add("deleteItem " + name);
    }

    @Override
    public List<Location> locations(TenantId tenant) {
        touched.add("locations");
        return List.of(new Location(
                new Environment("dev"), new Region("eu-central-1"), FILES, new Kind("evidence"), 2, 30, 1));
    }

    @Override
    public Page<DeniedWrite> deniedWrites(TenantId tenant, Denials which, PageRequest page) {
        touched.add("deniedWrites");
        filters.add(which);
        return new Page<>(
                List.of(new DeniedWrite(
                        7,
                        Fakes.NOW,
                        new Environment("dev"),
                        "transfer.start",
                        null,
                        null,
                        new Region("eu-central-1"),
                        FILES,
                        null,
                        "token:x",
                        "c",
                        ID,
                        "policy-denied",
                        "the fake says so")),
                null);
    }

    @Override
    public Transfer start(Scope scope, Course course, Actor actor) {
        touched.add("startTransfer");
        courses.add(course);
        return transfer(scope, course);
    }

    private static Transfer transfer(Scope scope, Course course) {
        return new Transfer(ID, scope, course, State.RUNNING, 1, 10, 2, 20, 1, null, Fakes.NOW, "token:x", null);
    }

    @Override
    public Transfer transfer(Scope scope, UUID id) {
        touched.add("transfer");
        if (!id.equals(ID)) {
            throw Fakes.problem(ResidencyProblem.TRANSFER_UNKNOWN);
        }
        return transfer(scope, new Course(FILES, new InstanceId("archive"), new Region("eu-central-1"), null));
    }

    @Override
    public Page<Transfer> transfers(Scope scope, PageRequest page) {
        touched.add("transfers");
        return new Page<>(List.of(transfer(scope, ID)), null);
    }

    @Override
    public Transfer cancel(Scope scope, UUID id, Actor actor) {
        touched.add("cancelTransfer");
        return transfer(scope, id);
    }

    @Override
    public Transfer resume(Scope scope, UUID id, Actor actor) {
        touched.add("resumeTransfer");
        return transfer(scope, id);
    }
}
