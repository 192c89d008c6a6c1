package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.conformance.AnsweringPeer;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * The outside system of the sample: a doorkeeper who speaks HTTP and lets in whoever knows the password, and directories in
 * memory behind it.
 */
final class SampleSystem implements AutoCloseable {
    static final String PASSWORD = "a-password-of-tests-only";
    static final String WELCOME = "{\"welcome\": true}";

    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AnsweringPeer door;

    SampleSystem() throws IOException {
        door = AnsweringPeer.with((request, target) -> target.write(answer(request)));
    }

    /**
     * A directory. Whoever reads or changes it holds its lock.
     *
     * @param users by id, without groups, in the order of lists
     * @param groups the members by the id of the group
     */
    record Place(Map<String, ProvisionedUser> users, Map<String, Set<String>> groups) {
        static Place empty() {
            return new Place(new LinkedHashMap<>(), new HashMap<>());
        }
    }

    URI address() {
        return door.address();
    }

    String newPlace() {
        String name = "place-" + places.size();
        places.put(name, Place.empty());
        return name;
    }

    String newGroup(String place) {
        Place directory = place(place);
        synchronized (directory) {
            String name = "group-" + directory.groups().size();
            directory.groups().put(name, new TreeSet<>());
            return name;
        }
    }

    Place place(String name) {
        return places.getOrDefault(name, Place.empty());
    }

    private byte[] answer(AnsweringPeer.Request request) {
        if (!request.head().contains("Bearer " + PASSWORD + "\r\n")) {
            return AnsweringPeer.message(401, Map.of(), "");
        }
        boolean there = places.containsKey(request.line().substring("GET /".length()));
        return AnsweringPeer.message(there ? 200 : 404, Map.of(), there ? WELCOME : "");
    }

    /** Returns when the system was closed. */
    void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        door.close();
    }
}
