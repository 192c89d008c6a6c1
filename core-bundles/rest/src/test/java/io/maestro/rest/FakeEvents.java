package io.maestro.rest;

import io.maestro.api.events.Event;
import io.maestro.api.events.Events;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells each follower what a test tells it. */
final class FakeEvents implements Events {
    final List<Event> told = new CopyOnWriteArrayList<>();
    final List<String> cursors = new CopyOnWriteArrayList<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    void tell(Event event) {
        told.add(event);
        followers.stream().filter(one -> one.wanted.test(event)).forEach(one -> one.queue.add(Optional.of(event)));
    }

    void cutOff() {
        followers.forEach(one -> one.queue.add(Optional.empty()));
    }

    int followers() {
        return followers.size();
    }

    @Override
    public Changes changes(@Nullable String cursor, int limit, Predicate<Event> wanted) {
        cursors.add(String.valueOf(cursor));
        List<Event> found = new ArrayList<>();
        for (Event event : told) {
            if (found.size() < limit && wanted.test(event)) {
                found.add(event);
            }
        }
        return new Changes(found, "9-9", false);
    }

    @Override
    public Following follow(
            @Nullable String cursor, String follower, @Nullable TenantId tenant, Predicate<Event> wanted) {
        cursors.add(String.valueOf(cursor));
        Follower one = new Follower(wanted);
        followers.add(one);
        return one;
    }

    private final class Follower implements Following {
        private final Predicate<Event> wanted;
        private final LinkedBlockingQueue<Optional<Event>> queue = new LinkedBlockingQueue<>();

        Follower(Predicate<Event> wanted) {
            this.wanted = wanted;
        }

        @Override
        public Optional<Event> next(Duration patience) throws InterruptedException, CutOffException {
            Optional<Event> next = queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                return Optional.empty();
            }
            if (next.isEmpty()) {
                throw new CutOffException("slow");
            }
            return next;
        }

        @Override
        public String cursor() {
            return "7-0";
        }

        @Override
        public void close() {
            followers.remove(this);
        }
    }
}
