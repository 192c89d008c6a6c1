package io.maestro.rego.compile;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Literal;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives terms their forms. What must be found before a term has its value goes into goals of its own, as the original does
 * it: this decides, for example, what {@code not} applies to.
 */
final class TermResolver {
    /** Where a term stands. */
    enum Place {
        /** Alone: it may search. */
        ALONE,
        /** On a side of an equation: a reference may search, a call goes before it. */
        SIDE,
        /** Inside another term. */
        INSIDE
    }

    /**
     * Where the goals go that a term needs.
     *
     * @param early whether all that a call is given is found in goals before it
     * @param negated whether the term belongs to a negated expression, and so may not search
     */
    record Before(List<Goal> goals, boolean early, boolean negated) {
        Before(List<Goal> goals) {
            this(goals, false, false);
        }

        /** For what a call inside the expression is given: that call stands before the negation. */
        Before outside() {
            return negated ? new Before(goals, early, false) : this;
        }
    }

    /** The rule that is resolved, for what is asked of its annotations; null for a query. */
    record Owner(Module module, Rule rule) {}

    private final Names names;
    private final @Nullable Owner owner;
    private final BodyResolver bodies;

    TermResolver(Names names, @Nullable Owner owner, BodyResolver bodies) {
        this.names = names;
        this.owner = owner;
        this.bodies = bodies;
    }

    Form form(Term term, Scope scope, Before before, Place place) {
        return switch (term) {
            case Term.Constant(var _, Value value) -> names.constant(value);
            case Term.Variable variable -> variable(variable, scope, before, place);
            case Term.Operator(Location at, String name) -> throw error(ErrorCode.COMPILE, at, "unexpected " + name);
            case Term.Ref ref -> ref(ref, scope, before, place);
            case Term.ArrayTerm(var _, List<Term> members) -> array(inside(members, scope, before));
            case Term.SetTerm(var _, List<Term> members) -> set(inside(members, scope, before));
            case Term.ObjectTerm object -> object(object, scope, before);
            case Term.Comprehension comprehension -> collect(comprehension, scope);
            case Term.Call call -> call(call, scope, before, place);
            case Term.Template template -> template(template, scope);
        };
    }

    private List<Form> inside(List<Term> terms, Scope scope, Before before) {
        List<Form> forms = new ArrayList<>();
        for (Term term : terms) {
            forms.add(form(term, scope, before, Place.INSIDE));
        }
        return forms;
    }

    private static Form array(List<Form> members) {
        if (members.stream().allMatch(Form.Const.class::isInstance)) {
            return new Form.Const(ArrayValue.keeping(members.stream()
                    .map(member -> ((Form.Const) member).value())
                    .toList()));
        }
        return new Form.Array(members);
    }

    private static Form set(List<Form> members) {
        if (members.stream().allMatch(Form.Const.class::isInstance)) {
            return new Form.Const(io.maestro.rego.value.SetValue.copyOf(members.stream()
                    .map(member -> ((Form.Const) member).value())
                    .toList()));
        }
        return new Form.Set(members);
    }

    private Form object(Term.ObjectTerm object, Scope scope, Before before) {
        List<Form> keys = new ArrayList<>();
        List<Form> values = new ArrayList<>();
        for (Term.Entry entry : object.entries()) {
            keys.add(form(entry.key(), scope, before, Place.INSIDE));
            values.add(form(entry.value(), scope, before, Place.INSIDE));
        }
        return new Form.Mapping(keys, values);
    }

    private Form variable(Term.Variable variable, Scope scope, Before before, Place place) {
        Integer slot = scope.find(variable.name());
        if (slot != null) {
            return new Form.Slot(slot);
        }
        List<String> global = names.global(variable.name());
        if (global == null) {
            // names of bodies were all given a slot before; this one stands where none can get a value
            return new Form.Slot(scope.implicit(variable.name(), false));
        }
        return placed(variable.at(), global(variable.at(), global, List.of()), scope, before, place);
    }

    private Form global(Location at, List<String> prefix, List<Form> rest) {
        List<Form> path = new ArrayList<>();
        for (String name : prefix.subList(1, prefix.size())) {
            path.add(names.constant(StringValue.of(name)));
        }
        path.addAll(rest);
        return prefix.getFirst().equals("input") ? new Form.Input(path) : new Form.Document(at, path);
    }

    private Form ref(Term.Ref ref, Scope scope, Before before, Place place) {
        List<Form> path = inside(ref.path(), scope, before);
        if (ref.head() instanceof Term.Variable(Location at, String name) && scope.find(name) == null) {
            List<String> global = names.global(name);
            if (global != null) {
                return placed(at, global(at, global, path), scope, before, place);
            }
        }
        Form head = form(ref.head(), scope, before, Place.INSIDE);
        return placed(ref.at(), new Form.Get(head, path), scope, before, place);
    }

    /** A reference that searches, or that is found early, gets a goal of its own. */
    private Form placed(Location at, Form form, Scope scope, Before before, Place place) {
        if (place != Place.INSIDE || !(before.early() || searches(form, scope))) {
            return form;
        }
        return found(at, form, scope, before);
    }

    private static Form found(Location at, Form form, Scope scope, Before before) {
        Form.Slot slot = new Form.Slot(scope.slots().temporary());
        before.goals().add(before.negated() ? new Goal.Read(at, slot, form) : new Goal.Unify(at, slot, form));
        return slot;
    }

    /** Whether a reference may look through several keys. */
    static boolean searches(Form form, Scope scope) {
        List<Form> path = switch (form) {
            case Form.Get get -> get.path();
            case Form.Input input -> input.path();
            case Form.Document data -> data.path();
            default -> List.of();
        };
        for (Form part : path) {
            BitSet slots = new BitSet();
            if (part instanceof Form.Slot || part instanceof Form.Array || part instanceof Form.Mapping) {
                Uses.slots(part, slots);
            }
            if (slots.stream().anyMatch(scope.slots()::mayBeSearched)) {
                return true;
            }
        }
        return false;
    }

    private Form collect(Term.Comprehension comprehension, Scope scope) {
        int first = scope.slots().count();
        Scope inner = scope.inner();
        Term key = comprehension.key();
        List<Term> heads = key == null ? List.of(comprehension.value()) : List.of(key, comprehension.value());
        List<Goal> goals = bodies.goals(comprehension.body(), heads, inner);
        Before before = new Before(goals);
        Form keyForm = key == null ? null : head(key, inner, before);
        Form value = head(comprehension.value(), inner, before);
        List<Form> forms = keyForm == null ? List.of(value) : List.of(keyForm, value);
        return new Form.Collect(
                comprehension.kind(), keyForm, value, new Form.Body(goals), Uses.captured(goals, forms, first));
    }

    /** A term that is computed once the body holds: what searches in it becomes part of the body. */
    Form head(Term term, Scope scope, Before before) {
        Form form = form(term, scope, before, Place.INSIDE);
        return form instanceof Form.Const || form instanceof Form.Slot ? form : found(term.at(), form, scope, before);
    }

    private Form template(Term.Template template, Scope scope) {
        List<Form> parts = new ArrayList<>();
        for (Term.Part part : template.parts()) {
            switch (part) {
                case Term.Part.Text(String text) -> parts.add(names.constant(StringValue.of(text)));
                case Term.Part.Hole(Literal literal) -> parts.add(hole(literal, scope));
            }
        }
        return new Form.Template(template.at(), parts);
    }

    private Form hole(Literal literal, Scope scope) {
        Term term = ((Literal.Expression.Plain) literal.expression()).term();
        if (term instanceof Term.Constant(var _, Value value)) {
            return new Form.Const(value instanceof StringValue ? value : StringValue.of(value.toString()));
        }
        int first = scope.slots().count();
        Scope inner = scope.inner();
        Term.Variable found = new Term.Variable(literal.at(), "$hole");
        inner.declare(literal.at(), found.name(), false);
        Term equation = new Term.Call(literal.at(), new Term.Operator(literal.at(), "eq"), List.of(found, term));
        Literal body = new Literal(literal.at(), false, new Literal.Expression.Plain(equation), literal.withs());
        List<Goal> goals = bodies.goals(List.of(body), List.of(), inner);
        Form value = form(found, inner, new Before(goals), Place.ALONE);
        return new Form.Collect(
                Term.Kind.SET, null, value, new Form.Body(goals), Uses.captured(goals, List.of(value), first));
    }

    private Form call(Term.Call call, Scope scope, Before before, Place place) {
        boolean hoisted = place != Place.ALONE && before.early();
        Form resolved = call(call, scope, hoisted ? before.outside() : before);
        boolean relation = resolved instanceof Form.Call(var _, Builtin builtin, var _) && isRelation(builtin);
        if (relation) {
            Form.Slot slot = new Form.Slot(scope.slots().temporary());
            before.goals().add(new Goal.Member(call.at(), null, slot, resolved));
            return slot;
        }
        return hoisted ? found(call.at(), resolved, scope, before.outside()) : resolved;
    }

    static boolean isRelation(Builtin builtin) {
        return builtin.name().equals("walk");
    }

    /** The call itself, with as many arguments as the function takes. */
    private Form call(Term.Call call, Scope scope, Before before) {
        Form annotated = annotations(call, scope);
        if (annotated != null) {
            return annotated;
        }
        Goal.Callee callee = callee(call, scope);
        int arity = arity(callee);
        if (callee instanceof Goal.Callee.OfBuiltin(Builtin builtin)
                && builtin.name().equals("print")) {
            return print(call, builtin, scope);
        }
        if (call.arguments().size() != arity) {
            throw mismatch(call, callee);
        }
        return apply(call.at(), callee, arguments(call, scope, before));
    }

    /** A call that may name what it gives as its last argument; null when it does not. */
    @Nullable
    List<Goal> withResult(Term.Call call, Scope scope, Before before) {
        if (annotations(call, scope) != null) {
            return null;
        }
        Goal.Callee callee = callee(call, scope);
        boolean printing = callee instanceof Goal.Callee.OfBuiltin(Builtin builtin)
                && builtin.name().equals("print");
        if (printing || call.arguments().size() != arity(callee) + 1) {
            return null;
        }
        List<Term> given = call.arguments().subList(0, call.arguments().size() - 1);
        Term.Call plain = new Term.Call(call.at(), call.operator(), given);
        Form resolved = apply(call.at(), callee, arguments(plain, scope, before));
        Form result = form(call.arguments().getLast(), scope, before, Place.INSIDE);
        boolean relation = callee instanceof Goal.Callee.OfBuiltin(Builtin builtin) && isRelation(builtin);
        return List.of(
                relation
                        ? new Goal.Member(call.at(), null, result, resolved)
                        : new Goal.Unify(call.at(), result, resolved));
    }

    private List<Form> arguments(Term.Call call, Scope scope, Before before) {
        boolean equation = call.operator() instanceof Term.Operator(var _, String name) && name.equals("equal");
        List<Form> forms = new ArrayList<>();
        for (Term argument : call.arguments()) {
            boolean side = equation && (before.negated() || !searchesAlone(argument, scope));
            forms.add(form(argument, scope, before, side ? Place.SIDE : Place.INSIDE));
        }
        return forms;
    }

    private boolean searchesAlone(Term term, Scope scope) {
        List<Goal> ignored = new ArrayList<>();
        return (term instanceof Term.Ref ref && ref.path().stream().anyMatch(part -> !(part instanceof Term.Constant)))
                && searches(form(term, scope, new Before(ignored), Place.ALONE), scope);
    }

    private static Form apply(Location at, Goal.Callee callee, List<Form> arguments) {
        return switch (callee) {
            case Goal.Callee.OfBuiltin(Builtin builtin) -> new Form.Call(at, builtin, arguments);
            case Goal.Callee.OfRule(RuleGroup group) -> new Form.Apply(at, group, arguments);
        };
    }

    private static int arity(Goal.Callee callee) {
        return switch (callee) {
            case Goal.Callee.OfBuiltin(Builtin builtin) -> builtin.arity();
            case Goal.Callee.OfRule(RuleGroup group) -> group.arity();
        };
    }

    /** What it prints may be undefined, so each argument is a hole of a template. */
    private Form print(Term.Call call, Builtin builtin, Scope scope) {
        List<Term.Part> parts = new ArrayList<>();
        for (Term argument : call.arguments()) {
            parts.add(new Term.Part.Text(parts.isEmpty() ? "" : " "));
            parts.add(new Term.Part.Hole(
                    new Literal(argument.at(), false, new Literal.Expression.Plain(argument), List.of())));
        }
        Form text = template(new Term.Template(call.at(), parts), scope);
        return new Form.Call(call.at(), builtin, List.of(text));
    }

    private @Nullable Form annotations(Term.Call call, Scope scope) {
        List<String> parts = Names.parts(call.operator());
        if (parts == null || parts.size() != 3 || scope.find(parts.getFirst()) != null) {
            return null;
        }
        String name = String.join(".", parts);
        boolean chain = name.equals("rego.metadata.chain");
        if (!chain && !name.equals("rego.metadata.rule")) {
            return null;
        }
        if (owner == null || !call.arguments().isEmpty()) {
            throw error(ErrorCode.TYPE, call.at(), name + " takes no arguments and stands in a rule");
        }
        return new Form.Const(
                chain
                        ? names.metadata().chain(owner.module(), owner.rule())
                        : names.metadata().rule(owner.module(), owner.rule()));
    }

    private Goal.Callee callee(Term.Call call, Scope scope) {
        if (call.operator() instanceof Term.Operator(Location at, String name)) {
            Builtin builtin = names.builtin(name);
            if (builtin == null) {
                throw error(
                        ErrorCode.COMPILE,
                        at,
                        name.equals("eq") || name.equals("assign")
                                ? "an equation stands alone, not inside another term"
                                : "the operator is not among the capabilities: " + name);
            }
            return new Goal.Callee.OfBuiltin(builtin);
        }
        Goal.Callee callee = function(call.operator(), scope);
        if (callee == null) {
            List<String> parts = Names.parts(call.operator());
            String name = parts == null ? "?" : String.join(".", parts);
            throw error(ErrorCode.TYPE, call.at(), "undefined function " + name);
        }
        return callee;
    }

    /** The function that a term names; null when it names none. */
    Goal.@Nullable Callee function(Term term, Scope scope) {
        List<String> parts = Names.parts(term);
        if (parts == null || scope.find(parts.getFirst()) != null) {
            return null;
        }
        List<String> path = names.globalPath(term);
        if (path != null && path.getFirst().equals("data")) {
            RuleGroup group = names.tree().find(path.subList(1, path.size()));
            return group != null && group.kind() == RuleGroup.Kind.FUNCTION ? new Goal.Callee.OfRule(group) : null;
        }
        Builtin builtin = names.builtin(String.join(".", parts));
        return builtin == null ? null : new Goal.Callee.OfBuiltin(builtin);
    }

    Names names() {
        return names;
    }

    private static RegoException mismatch(Term.Call call, Goal.Callee callee) {
        String name = switch (callee) {
            case Goal.Callee.OfBuiltin(Builtin builtin) -> builtin.name();
            case Goal.Callee.OfRule(RuleGroup group) -> group.name();
        };
        int arity = arity(callee);
        int given = call.arguments().size();
        return error(
                ErrorCode.TYPE,
                call.at(),
                "function " + name + " has arity " + arity + ", got " + given
                        + (given == 1 ? " argument" : " arguments"));
    }

    static RegoException error(ErrorCode code, Location at, String message) {
        return new RegoException(code, at, message);
    }
}
