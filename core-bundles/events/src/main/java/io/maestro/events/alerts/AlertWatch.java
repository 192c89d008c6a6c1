package io.maestro.events.alerts;

import io.maestro.api.adapters.InstanceHealth.Sign;
import io.maestro.api.events.Alerts;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Looks at the instances of this node every so often. Owns one thread from {@link #start} to {@link #close}. */
final class AlertWatch implements Alerts, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AlertWatch.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration SAY = Duration.ofMinutes(1);
    private static final Duration GONE = Duration.ofMinutes(10);

    private final JooqAlerts rows;
    private final Supplier<List<Sign>> signs;
    private final Rules rules;
    private final InstantSource clock;
    private final Map<Watched.Key, Watched> watched = new HashMap<>();
    private final AtomicLong raised = new AtomicLong();
    private final Metrics.Gauge gauge;
    private final Thread thread = Thread.ofVirtual().name("alerts").unstarted(this::run);
    private boolean loaded;
    private Instant saidAt = Instant.MIN;

    AlertWatch(JooqAlerts rows, Supplier<List<Sign>> signs, Rules rules, InstantSource clock, Metrics metrics) {
        this.rows = rows;
        this.signs = signs;
        this.rules = rules;
        this.clock = clock;
        this.gauge = metrics.gauge("mc_alerts", "Alerts that this node has raised.", raised::get);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        gauge.close();
    }

    @Override
    public Page<Alert> alerts(Filter filter, PageRequest page) {
        return rows.raised(filter, page);
    }

    @Override
    public List<RuleOfType> rules() {
        return rules.all().stream().map(Rule::shown).toList();
    }

    private void run() {
        boolean failing = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOOK);
                try {
                    look();
                    failing = false;
                } catch (RuntimeException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    LOG.log(failing ? Level.DEBUG : Level.WARNING, "alerts cannot be kept now", e);
                    failing = true;
                    // what is in memory may not be what is in the database
                    loaded = false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at all instances. Called by one thread. */
    void look() {
        Instant now = clock.instant();
        if (!loaded) {
            watched.clear();
            rows.own().forEach(one -> watched.put(one.key(), one));
            loaded = true;
        }
        Set<Watched.Key> looked = new HashSet<>();
        for (Sign sign : signs.get()) {
            for (Rule rule : rules.of(sign.type())) {
                Watched.Key key = new Watched.Key(sign.scope(), sign.instance(), rule.name());
                looked.add(key);
                look(sign, rule, key, now);
            }
        }
        // stopped, deleted, or not of this node any more
        for (Watched one : List.copyOf(watched.values())) {
            if (!looked.contains(one.key())) {
                drop(one, now);
            }
        }
        raised.set(watched.values().stream().filter(one -> one.phase().raised()).count());
        if (saidAt.isBefore(now.minus(SAY))) {
            if (rows.stillHere(now) != watched.size()) {
                // another node thought this one gone, and forgot its rows: what is wrong still is raised anew
                loaded = false;
            }
            rows.dropOfNodesGone(now.minus(GONE), now);
            saidAt = now;
        }
    }

    private void look(Sign sign, Rule rule, Watched.Key key, Instant now) {
        Watched before = watched.get(key);
        Rule.Finding finding = rule.find(sign);
        if (before == null && finding != Rule.Finding.WRONG) {
            return;
        }
        Watched after = Watched.next(before, key, sign.type(), rule, finding, rule.text(sign), now);
        if (after == null) {
            if (before != null) {
                drop(before, now);
            }
        } else if (before == null || before.phase() != after.phase()) {
            boolean fresh =
                    after.phase().raised() && (before == null || !before.phase().raised());
            rows.keep(after, fresh, now);
            watched.put(key, after);
        }
    }

    private void drop(Watched one, Instant now) {
        rows.drop(one, now);
        watched.remove(one.key());
    }
}
