package io.maestro.policy;

import io.maestro.api.policy.Decisions.Explained;
import io.maestro.api.policy.Decisions.Recorded;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.model.Json;
import io.maestro.rego.explain.Change;
import io.maestro.rego.explain.Explainer;
import io.maestro.rego.explain.Explanation;
import io.maestro.rego.explain.Explanation.Fired;
import io.maestro.rego.explain.Fact;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A decision asked again, to say more of it than was written down. What is said holds only where what decides now is what
 * decided then. For one thread.
 */
final class Retrial {
    /** How often a pack is asked for one decision. */
    private static final int MOST = 200;

    /** What nobody changes by asking for something else: who they are, what they want, and what others give them. */
    private static final List<List<String>> FIXED = Stream.of(
                    "entryPoint",
                    "action",
                    "principal",
                    "scope",
                    "subject",
                    "secret",
                    "request",
                    Inputs.APPROVAL,
                    Inputs.TIME,
                    Inputs.CORRELATION_ID)
            .map(List::of)
            .toList();

    /** What can be another, but not nothing. */
    private static final List<String> NEEDED = List.of("adapter", "operation");

    private final Active active;
    private final Court.@Nullable Tenants tenants;
    private final Recorded decision;
    private final ObjectValue input;
    private final List<Seat> seats;
    private final Map<String, Optional<Explanation>> explanations = new HashMap<>();

    /**
     * What would have been allowed.
     *
     * @param change the new values by JSON pointer, null for what is taken away; null when there is none
     * @param whyNone null when there is a change, or none is wanted
     */
    record Remedy(@Nullable Json change, @Nullable String whyNone) {
        static Remedy none(String why) {
            return new Remedy(null, why);
        }
    }

    /**
     * A unit that has a say.
     *
     * @param bundles its revisions, by the names that decisions give them
     */
    private record Seat(Unit unit, Map<String, String> bundles, ObjectValue data, Modes modes) {
        String name() {
            return unit.name();
        }
    }

    Retrial(Active active, Court.@Nullable Tenants tenants, Recorded decision) {
        this.active = active;
        this.decision = decision;
        this.input = io.maestro.rego.value.Json.read(decision.input().text()) instanceof ObjectValue document
                ? document
                : ObjectValue.EMPTY;
        this.tenants = Court.asksTenant(decision.path(), input) ? tenants : null;
        this.seats = seats();
    }

    private List<Seat> seats() {
        List<Seat> all = new ArrayList<>();
        Stream.concat(Stream.of(active.main()), active.more().stream())
                .forEach(unit -> all.add(new Seat(unit, unit.bundles(), active.data(), active.modes())));
        if (tenants != null) {
            Map<String, String> bundles = new HashMap<>();
            tenants.unit()
                    .bundles()
                    .forEach((name, revision) -> bundles.put("tenants/" + decision.tenant() + "/" + name, revision));
            all.add(new Seat(tenants.unit(), bundles, tenants.data(), tenants.modes()));
        }
        return all;
    }

    /** Where a reason comes from. */
    Explained explained(Reason reason) {
        for (Seat seat : seats) {
            if (seat.name().equals(reason.pack()) && isUnchanged(seat)) {
                PackText.Place place = seat.unit().place(reason.rule());
                Fired fired = fired(seat, reason, place);
                if (fired != null) {
                    return new Explained(reason, fired.at().file(), fired.at().row(), facts(fired.facts()));
                }
                if (place != null) {
                    return new Explained(reason, place.file(), place.row(), facts(place));
                }
            }
        }
        return new Explained(reason, null, 0, Map.of());
    }

    private boolean isUnchanged(Seat seat) {
        return seat.bundles().entrySet().stream()
                .allMatch(one -> one.getValue().equals(decision.bundles().get(one.getKey())));
    }

    /** The definition that gave the reason: the one that has its id, rather than those that only pass it on. */
    private @Nullable Fired fired(Seat seat, Reason reason, PackText.@Nullable Place place) {
        return explanation(seat).stream()
                .flatMap(explanation -> explanation.fired().stream())
                .filter(fired -> place == null
                        || (fired.at().file().equals(place.file()) && fired.at().row() == place.row()))
                .filter(fired -> fired.values().stream().anyMatch(value -> says(value, reason)))
                .findFirst()
                .orElse(null);
    }

    private static boolean says(Value value, Reason reason) {
        return value instanceof ObjectValue object
                && StringValue.of(reason.rule()).equals(object.get("rule"))
                && (object.get("message") == null
                        || StringValue.of(reason.message()).equals(object.get("message")));
    }

    private Optional<Explanation> explanation(Seat seat) {
        return explanations.computeIfAbsent(seat.name(), _ -> explanation(seat, input));
    }

    private Optional<Explanation> explanation(Seat seat, ObjectValue asked) {
        try {
            return seat.unit().engine() instanceof RegoEngine engine
                    ? Optional.of(engine.explain(seat.unit().path(decision.path()), asked, seat.data(), decision.at()))
                    : Optional.empty();
        } catch (EngineException e) {
            // it is explained as far as it can be
            return Optional.empty();
        }
    }

    private static Map<String, Json> facts(List<Fact> read) {
        Map<String, Json> facts = new TreeMap<>();
        for (Fact fact : read) {
            if (fact.value() != null && !fact.path().isEmpty()) {
                facts.put(pointer(fact.path()), new Json(fact.value().json()));
            }
        }
        return facts;
    }

    /** What the text of a rule names. */
    private Map<String, Json> facts(PackText.Place place) {
        List<Fact> named = new ArrayList<>();
        for (List<String> names : place.inputs()) {
            List<Value> path = names.stream().<Value>map(StringValue::of).toList();
            @Nullable Value value = input;
            for (Value name : path) {
                value = value == null ? null : value.get(name);
            }
            named.add(new Fact(path, value));
        }
        return facts(named);
    }

    private static String pointer(List<Value> path) {
        StringBuilder pointer = new StringBuilder();
        for (Value key : path) {
            String name = key instanceof StringValue text ? text.value() : key.json();
            pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    /**
     * The least that has to be different for it to be allowed, as far as whoever asked can change it. Nothing is told that was
     * not tried.
     *
     * @param deadline of {@link System#nanoTime}
     */
    Remedy remedy(long deadline) {
        switch (decision.outcome()) {
            case ALLOW -> {
                return new Remedy(null, null);
            }
            case UNAVAILABLE -> {
                return Remedy.none("the policy could not be asked");
            }
            case DENY, APPROVAL -> {}
        }
        if (seats.stream().anyMatch(seat -> !(seat.unit().engine() instanceof RegoEngine))) {
            return Remedy.none("the engine that decides cannot tell");
        }
        Court.Heard again = hear(input);
        if (!again.bundles().equals(decision.bundles())) {
            return Remedy.none("the packs have changed since");
        }
        if (readsErased(input)) {
            return Remedy.none("the policy reads what was erased from the input");
        }
        if (again.judgement().outcome() != decision.outcome()) {
            return Remedy.none("settings or modes have changed since");
        }
        try {
            Remedy found = search(FIXED, deadline);
            if (found.change() != null || isLate(deadline)) {
                return found;
            }
            List<List<String>> more = new ArrayList<>(FIXED);
            NEEDED.forEach(name -> more.add(List.of(name)));
            return search(more, deadline);
        } catch (EngineException e) {
            return Remedy.none("the policy could not be asked again");
        }
    }

    private Court.Heard hear(ObjectValue asked) {
        return Court.hear(active, tenants, decision.path(), decision.tenant(), asked, decision.at());
    }

    private Remedy search(List<List<String>> fixed, long deadline) throws EngineException {
        ObjectValue changed = input;
        Map<String, @Nullable Object> changes = new TreeMap<>();
        for (Seat seat : seats) {
            for (Change change : changes(seat, changed, fixed, deadline)) {
                if (isLate(deadline)) {
                    return Remedy.none("looking for it takes too long");
                }
                if (change.to() == null
                        && change.path().getFirst() instanceof StringValue name
                        && NEEDED.contains(name.value())) {
                    return Remedy.none("no small change was found");
                }
                if (change.applied(changed) instanceof ObjectValue next) {
                    changed = next;
                    changes.put(
                            pointer(change.path()),
                            change.to() == null ? null : new Json(change.to().json()));
                }
            }
        }
        if (hear(changed).judgement().outcome() != Outcome.ALLOW) {
            return Remedy.none("no small change was found");
        }
        // what is named like a secret is not told, and what nobody has seen may well be read now
        if (readsErased(changed)
                || !decision.erased().containsAll(Redaction.of(changed).erased())) {
            return Remedy.none("what would have to change is named like a secret");
        }
        return new Remedy(Json.object(changes), null);
    }

    private static boolean isLate(long deadline) {
        return System.nanoTime() - deadline > 0;
    }

    private List<Change> changes(Seat seat, ObjectValue asked, List<List<String>> fixed, long deadline)
            throws EngineException {
        if (!(seat.unit().engine() instanceof RegoEngine engine)) {
            return List.of();
        }
        Explainer.Wanted wanted =
                // whatever is found too late is not looked at, so saying yes ends the search
                new Explainer.Wanted(document -> isLate(deadline) || allows(seat, document), fixed, MOST);
        return engine.smallestChange(
                seat.unit().path(decision.path()), asked, known(seat.data()), decision.at(), wanted);
    }

    /** Whether a unit alone would allow it. */
    private boolean allows(Seat seat, @Nullable Value document) {
        Judgement.Hearing hearing = new Judgement.Hearing(decision.path().path());
        String name = seat.name();
        if (seat.name().equals(active.main().name())) {
            hearing.main(name, document, seat.modes());
        } else {
            hearing.main(ActivePolicies.MAIN, ObjectValue.of("allow", BoolValue.TRUE), Modes.NONE);
            hearing.overlay(name, document, seat.modes());
        }
        return hearing.judge(input.get(Inputs.APPROVAL) != null).outcome() == Outcome.ALLOW;
    }

    /** What is proposed is taken from settings, so those of other tenants are left out. */
    private ObjectValue known(ObjectValue data) {
        return decision.tenant() == null ? data : ActivePolicies.narrowed(data, decision.tenant());
    }

    private boolean readsErased(ObjectValue asked) {
        return !decision.erased().isEmpty()
                && seats.stream()
                        .flatMap(seat -> explanation(seat, asked).stream())
                        .flatMap(explanation -> explanation.facts().stream())
                        .map(fact -> pointer(fact.path()))
                        .anyMatch(read -> decision.erased().stream().anyMatch(erased -> meets(read, erased)));
    }

    private static boolean meets(String one, String other) {
        return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
    }
}
