package io.maestro.rego.eval;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.compile.Form;
import io.maestro.rego.compile.Goal;
import io.maestro.rego.compile.RuleTree;
import io.maestro.rego.error.Location;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Makes the code of one body. It knows of each variable whether it has a value by then, as the body's order promises. */
final class Emitter {
    private final Code code;
    private final BitSet bound;
    private final Depth depth;

    /** How much stack a body may need, how many comprehensions it has, and what else its parts share. */
    static final class Depth {
        final boolean prepares;
        int steps = 4;
        int collectors;

        /** Whether constants may be prepared: while the policy is compiled, and not for a query of it. */
        Depth(boolean prepares) {
            this.prepares = prepares;
        }
    }

    Emitter(Code code, BitSet bound, Depth depth) {
        this.code = code;
        this.bound = bound;
        this.depth = depth;
    }

    /** The code of goals, in their order, before a last step. */
    Step body(List<Goal> goals, Step last) {
        List<Step.Maker> makers = new ArrayList<>();
        for (Goal goal : goals) {
            depth.steps += 2;
            if (code.tells()) {
                makers.add(next -> new Telling(goal.at(), false, next));
            }
            makers.add(goal(goal));
            if (code.tells()) {
                makers.add(next -> new Telling(goal.at(), true, next));
            }
        }
        return folded(makers, last);
    }

    private static Step folded(List<Step.Maker> makers, Step last) {
        Step step = last;
        for (Step.Maker maker : makers.reversed()) {
            step = maker.before(step);
        }
        return step;
    }

    private Step.Maker goal(Goal goal) {
        return switch (goal) {
            case Goal.Test(var _, Form form) -> test(form);
            case Goal.Unify(var _, Form left, Form right) -> unify(right, left);
            case Goal.Read(var _, Form.Slot slot, Form form) -> unify(form, slot);
            case Goal.Not(var _, Goal inner) -> {
                Step negated = goal(inner).before(new Steps.Found());
                yield next -> new Steps.Not(negated, next);
            }
            case Goal.Member(var _, var key, Form value, Form domain) -> {
                Expr in = expr(domain);
                Match keys = key == null ? null : match(key);
                Match values = match(value);
                yield next -> new Steps.Member(in, keys, values, next);
            }
            case Goal.Every every -> {
                Expr in = expr(every.domain());
                Emitter emitter = inner();
                emitter.bound.set(every.key());
                emitter.bound.set(every.value());
                Step body = emitter.body(every.body().goals(), new Steps.Found());
                yield next -> new Steps.Every(in, every.key(), every.value(), body, next);
            }
            case Goal.With with -> with(with);
        };
    }

    private Step.Maker test(Form form) {
        Step.Maker search = search(form, new Match.Truthy(), true);
        if (search != null) {
            return search;
        }
        Expr value = expr(form);
        return next -> new Steps.Test(value, next);
    }

    private Step.Maker unify(Form value, Form pattern) {
        if (isOpen(value)) {
            Step.Maker search = search(value, pattern);
            return search;
        }
        Expr expr = expr(value);
        Match match = match(pattern);
        return match instanceof Match.Bind bind
                ? next -> new Steps.Assign(expr, bind.slot, next)
                : next -> new Steps.Unify(expr, match, next);
    }

    private Step.Maker with(Goal.With with) {
        List<Replacing.Change> changes = new ArrayList<>();
        for (Goal.Replacement replacement : with.replacements()) {
            changes.add(
                    switch (replacement) {
                        case Goal.Replacement.OfInput(var path, Form value) ->
                            new Replacing.Change.OfInput(path, expr(value));
                        case Goal.Replacement.OfDocument(var path, Form value) ->
                            new Replacing.Change.OfDocument(path, expr(value));
                        case Goal.Replacement.OfFunction(String name, var callee, var value) ->
                            switch (callee) {
                                case null ->
                                    new Replacing.Change.OfFunction(
                                            name, null, null, value == null ? null : expr(value));
                                case Goal.Callee.OfRule(var group) ->
                                    new Replacing.Change.OfFunction(name, code.group(group), null, null);
                                case Goal.Callee.OfBuiltin(Builtin builtin) ->
                                    new Replacing.Change.OfFunction(name, null, builtin, null);
                            };
                    });
        }
        List<Step.Maker> makers = new ArrayList<>();
        for (Goal goal : with.body().goals()) {
            depth.steps += 2;
            makers.add(goal(goal));
        }
        RuleTree tree = code.program().tree();
        return next -> new Replacing(changes, tree, with.at(), folded(makers, new Replacing.Leave(next)));
    }

    /** For a body inside, which sees the variables of this one. */
    private Emitter inner() {
        return new Emitter(code, (BitSet) bound.clone(), depth);
    }

    private boolean isOpen(Form form) {
        List<Form> path = switch (form) {
            case Form.Get get -> get.path();
            case Form.Input input -> input.path();
            case Form.Document data -> data.path();
            default -> List.of();
        };
        return path.stream().anyMatch(this::isOpenPart);
    }

    private boolean isOpenPart(Form part) {
        return switch (part) {
            case Form.Slot(int index) -> !bound.get(index);
            case Form.Array(List<Form> members) -> members.stream().anyMatch(this::isOpenPart);
            case Form.Mapping(var _, List<Form> values) -> values.stream().anyMatch(this::isOpenPart);
            default -> false;
        };
    }

    private Step.Maker search(Form form, Form pattern) {
        Searched searched = searched(form);
        Match target = match(pattern);
        return next -> new Search(searched.head(), searched.parts(), target, next);
    }

    private Step.@Nullable Maker search(Form form, Match target, boolean onlyOpen) {
        if (onlyOpen && !isOpen(form)) {
            return null;
        }
        Searched searched = searched(form);
        return next -> new Search(searched.head(), searched.parts(), target, next);
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    private record Searched(@Nullable Expr head, Search.Part[] parts) {}

    private Searched searched(Form form) {
        return switch (form) {
            case Form.Get(Form head, List<Form> path) -> new Searched(expr(head), parts(path));
            case Form.Input(List<Form> path) -> {
                int known = 0;
                while (known < path.size() && !isOpenPart(path.get(known))) {
                    known++;
                }
                yield new Searched(input(path.subList(0, known)), parts(path.subList(known, path.size())));
            }
            case Form.Document(var _, List<Form> path) -> {
                Reads.@Nullable OfRule rule = null;
                int used = 0;
                RuleTree.Node node = code.program().tree().root();
                while (rule == null && used < path.size() && path.get(used) instanceof Form.Const(Value key)) {
                    node = node.child(key);
                    used++;
                    if (node == null) {
                        break;
                    }
                    if (node.group() != null) {
                        rule = new Reads.OfRule(code.group(node.group()), new Expr[0]);
                    }
                }
                yield rule == null
                        ? new Searched(null, parts(path))
                        : new Searched(rule, parts(path.subList(used, path.size())));
            }
            default -> throw new IllegalStateException("only references are searched");
        };
    }

    private Search.Part[] parts(List<Form> path) {
        Search.Part[] parts = new Search.Part[path.size()];
        for (int i = 0; i < parts.length; i++) {
            Form part = path.get(i);
            parts[i] = isOpenPart(part) ? new Search.Part(null, match(part)) : new Search.Part(expr(part), null);
        }
        return parts;
    }

    /** The code of a pattern; its variables have values afterwards. */
    private Match match(Form form) {
        if (!isOpenPart(form)) {
            return new Match.Equal(expr(form), code.tells());
        }
        return switch (form) {
            case Form.Slot(int index) -> {
                bound.set(index);
                yield new Match.Bind(index);
            }
            case Form.Array(List<Form> members) ->
                new Match.OfArray(members.stream().map(this::match).toArray(Match[]::new));
            case Form.Mapping(List<Form> keys, List<Form> values) ->
                new Match.OfObject(exprs(keys), values.stream().map(this::match).toArray(Match[]::new));
            default -> throw new IllegalStateException("an open pattern is a variable or made of patterns");
        };
    }

    private Expr[] exprs(List<Form> forms) {
        return forms.stream().map(this::expr).toArray(Expr[]::new);
    }

    /** The code of a form whose variables all have values. */
    Expr expr(Form form) {
        return switch (form) {
            case Form.Const(Value value) -> new Expr.Const(value);
            case Form.Slot(int index) -> new Expr.Slot(index);
            case Form.Get(Form head, List<Form> path) -> new Reads.OfValue(expr(head), exprs(path));
            case Form.Input(List<Form> path) -> input(path);
            case Form.Document(var _, List<Form> path) -> data(path);
            case Form.Array(List<Form> members) -> new Makes.OfArray(exprs(members));
            case Form.Set(List<Form> members) -> new Makes.OfSet(exprs(members));
            case Form.Mapping(List<Form> keys, List<Form> values) -> new Makes.OfObject(exprs(keys), exprs(values));
            case Form.Collect collect -> collect(collect);
            case Form.Call(Location at, Builtin builtin, List<Form> arguments) -> call(at, builtin, arguments);
            case Form.Apply(var _, var function, List<Form> arguments) ->
                new Calls.OfFunction(code.group(function), exprs(arguments));
            case Form.Template(Location at, List<Form> parts) -> new Makes.Template(exprs(parts), at);
        };
    }

    private Expr input(List<Form> path) {
        if (code.tells()) {
            return new Reads.OfInputTold(exprs(path));
        }
        List<Value> keys = new ArrayList<>();
        for (Form part : path) {
            if (part instanceof Form.Const(Value key)) {
                keys.add(key);
            }
        }
        InputPlaces.Place place = depth.prepares && keys.size() == path.size()
                ? code.inputPlaces().at(keys)
                : null;
        return place == null ? new Reads.OfInput(exprs(path)) : new Reads.OfInputPlace(place);
    }

    private Expr data(List<Form> path) {
        RuleTree.Node node = code.program().tree().root();
        for (int i = 0; i < path.size() && path.get(i) instanceof Form.Const(Value key); i++) {
            node = node.child(key);
            if (node == null) {
                break;
            }
            if (node.group() != null && node.group().kind() != io.maestro.rego.compile.RuleGroup.Kind.FUNCTION) {
                return new Reads.OfRule(code.group(node.group()), exprs(path.subList(i + 1, path.size())));
            }
        }
        boolean plain = !path.isEmpty()
                && path.getFirst() instanceof Form.Const(Value first)
                && code.program().tree().root().child(first) == null;
        return plain ? new Reads.OfBase(exprs(path)) : new Reads.OfDocument(exprs(path));
    }

    private Expr collect(Form.Collect collect) {
        int collector = depth.collectors++;
        int before = depth.steps;
        depth.steps = 4;
        Emitter emitter = inner();
        Step body = emitter.body(
                collect.body().goals(),
                new Makes.Add(
                        collect.key() == null ? null : emitter.expr(collect.key()),
                        emitter.expr(collect.value()),
                        collector));
        int levels = depth.steps;
        depth.steps = before;
        Location at = collect.body().goals().isEmpty()
                ? Location.NONE
                : collect.body().goals().getFirst().at();
        return new Makes.Collect(collect.kind(), body, levels, collector, at);
    }

    private Expr call(Location at, Builtin builtin, List<Form> forms) {
        Expr[] arguments = exprs(forms);
        return switch (builtin.name()) {
            case "equal" -> new Calls.Equal(arguments[0], arguments[1], code.tells());
            case "internal.member_2" -> new Calls.In(builtin, arguments[0], arguments[1], at, code.tells());
            case "neq" -> compare("neq", arguments, order -> order != 0);
            case "lt" -> compare("lt", arguments, order -> order < 0);
            case "lte" -> compare("lte", arguments, order -> order <= 0);
            case "gt" -> compare("gt", arguments, order -> order > 0);
            case "gte" -> compare("gte", arguments, order -> order >= 0);
            default -> {
                if (depth.prepares) {
                    code.prepared().of(builtin, constants(arguments));
                }
                yield new Calls.OfBuiltin(builtin, arguments, at);
            }
        };
    }

    private Expr compare(String name, Expr[] arguments, IntPredicate test) {
        return new Calls.Compare(name, arguments[0], arguments[1], test, code.tells());
    }

    private static List<@Nullable Value> constants(Expr[] arguments) {
        List<@Nullable Value> constants = new ArrayList<>();
        for (Expr argument : arguments) {
            constants.add(argument instanceof Expr.Const constant ? constant.value : null);
        }
        return constants;
    }
}
