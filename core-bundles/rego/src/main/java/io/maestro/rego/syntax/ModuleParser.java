package io.maestro.rego.syntax;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Module.Comment;
import io.maestro.rego.syntax.Module.Import;
import io.maestro.rego.syntax.Rule.Alternative;
import io.maestro.rego.syntax.Term.Constant;
import io.maestro.rego.syntax.Term.Variable;
import io.maestro.rego.value.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the statements of a module. After a wrong one it goes on with the next, so that an author sees several at once. */
final class ModuleParser {
    private static final int MOST_ALTERNATIVES = 300;
    private static final int MOST_ERRORS = 10;
    private static final Set<String> ROOTS = Set.of("data", "input", "future", "rego");
    private static final Set<String> FUTURE = Set.of("in", "every", "contains", "if", "not");

    private final String file;
    private final Tokens tokens;
    private final BodyParser bodies;
    private final TermParser terms;
    private final List<Comment> comments;

    ModuleParser(String file, Tokens tokens, List<Comment> comments) {
        this.file = file;
        this.tokens = tokens;
        this.comments = comments;
        this.bodies = new BodyParser(tokens);
        this.terms = bodies.terms();
    }

    Module module() {
        Location at = tokens.now().at();
        if (!tokens.keyword("package")) {
            throw tokens.unexpected("`package` as the first statement of a file");
        }
        tokens.next();
        List<String> path = path(false);
        List<Import> imports = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        List<RegoError> errors = new ArrayList<>();
        while (!tokens.atEnd() && errors.size() < MOST_ERRORS) {
            tokens.newStatement();
            int begin = tokens.mark();
            try {
                if (tokens.keyword("import")) {
                    Import read = importStatement();
                    if (read != null) {
                        imports.add(read);
                    }
                } else {
                    rules.add(rule());
                }
            } catch (RegoException e) {
                errors.addAll(e.errors());
                skip(begin);
            }
        }
        if (!errors.isEmpty()) {
            throw new RegoException(errors);
        }
        List<Annotation> annotations = AnnotationReader.read(comments, at, path, rules);
        return new Module(file, at, path, imports, rules, annotations, List.copyOf(comments));
    }

    /** To the next line that begins at the margin. */
    private void skip(int begin) {
        tokens.resetNesting();
        while (!tokens.atEnd() && (tokens.mark() == begin || !beginsStatement(tokens.now()))) {
            tokens.next();
        }
    }

    private static boolean beginsStatement(Token token) {
        return token.lined() && token.at().column() == 1 && token.kind() == Token.Kind.NAME;
    }

    private List<String> path(boolean imported) {
        Token first = tokens.now();
        if (first.kind() != Token.Kind.NAME || (first.lined() && !imported)) {
            throw tokens.unexpected("a name");
        }
        tokens.next();
        List<String> path = new ArrayList<>(List.of(first.text()));
        while (!tokens.now().spaced()) {
            if (tokens.now().is(".")) {
                path.add(text(terms.member()));
            } else if (tokens.now().is("[")) {
                path.add(text(terms.index()));
            } else {
                break;
            }
        }
        return List.copyOf(path);
    }

    private String text(Term term) {
        if (!(term instanceof Constant(var _, StringValue name))) {
            throw tokens.wrong(term.at(), "a path is made of names and strings");
        }
        return name.value();
    }

    private @Nullable Import importStatement() {
        Location at = tokens.next().at();
        List<String> path = path(false);
        if (!ROOTS.contains(path.getFirst())) {
            throw tokens.wrong(at, "an import begins with `data` or `input`, not with `" + path.getFirst() + "`");
        }
        String alias = null;
        if (tokens.takeKeyword("as")) {
            Token name = tokens.next();
            if (name.kind() != Token.Kind.NAME || TermParser.KEYWORDS.contains(name.text())) {
                throw tokens.wrong(name.at(), "unexpected " + name.shown() + ": expected a name after `as`");
            }
            alias = name.text();
        }
        if (path.getFirst().equals("rego")) {
            if (!path.equals(List.of("rego", "v1")) || alias != null) {
                throw tokens.wrong(at, "of `rego` only `rego.v1` can be imported, without a name of its own");
            }
            return null;
        }
        if (path.getFirst().equals("future")) {
            boolean known = path.size() >= 2
                    && path.size() <= 3
                    && path.get(1).equals("keywords")
                    && (path.size() == 2 || FUTURE.contains(path.get(2)));
            if (!known || alias != null) {
                throw tokens.wrong(at, "no such keyword can be imported: " + String.join(".", path));
            }
            return null;
        }
        return new Import(at, path, alias);
    }

    private Rule rule() {
        Location at = tokens.now().at();
        boolean isDefault = tokens.takeKeyword("default");
        List<Term> path = head();
        List<Term> arguments = tokens.now().is("(") && !tokens.now().spaced() ? terms.arguments() : null;
        if (isDefault) {
            return defaultRule(at, path, arguments);
        }
        Term member = null;
        if (arguments == null && tokens.takeKeyword("contains")) {
            member = terms.term();
        }
        Term value = member == null ? value() : null;
        if (member != null && (tokens.now().is(":=") || tokens.now().is("="))) {
            throw tokens.unexpected("`if` or the next rule: a rule with `contains` has no other value");
        }
        boolean conditional = tokens.takeKeyword("if");
        if (!conditional && tokens.now().is("{") && !tokens.now().lined()) {
            throw tokens.unexpected("`if` before the body of a rule");
        }
        if (!conditional && value == null && member == null) {
            throw tokens.wrong(
                    at,
                    "a rule needs a value (`:=`), `contains`, or `if` and a body; after `" + shown(path)
                            + "` there is none");
        }
        List<Alternative> alternatives = new ArrayList<>();
        alternatives.add(new Alternative(at, value, conditional ? body() : List.of()));
        while (tokens.keyword("else")) {
            if (member != null) {
                throw tokens.unexpected("the next rule: a rule with `contains` has no `else`");
            }
            alternatives.add(alternative());
            if (alternatives.size() > MOST_ALTERNATIVES) {
                throw tokens.wrong(at, "more than " + MOST_ALTERNATIVES + " times `else`");
            }
        }
        return new Rule(at, false, path, arguments, member, alternatives, tokens.lastRow());
    }

    private @Nullable Term value() {
        if (tokens.take(":=") || tokens.take("=")) {
            return terms.term();
        }
        return null;
    }

    private Alternative alternative() {
        Location at = tokens.next().at();
        Term value = value();
        boolean conditional = tokens.takeKeyword("if");
        if (!conditional && tokens.now().is("{") && !tokens.now().lined()) {
            throw tokens.unexpected("`if` before the body of an `else`");
        }
        if (!conditional && value == null) {
            throw tokens.unexpected("a value (`:=`) or `if` after `else`");
        }
        return new Alternative(at, value, conditional ? body() : List.of());
    }

    private List<Literal> body() {
        if (!tokens.now().is("{")) {
            return List.of(bodies.literal());
        }
        int begin = tokens.mark();
        try {
            return bodies.inBraces();
        } catch (RegoException e) {
            // what looks like a body may be a comprehension
            tokens.reset(begin);
            try {
                Literal literal = bodies.literal();
                if (literal.expression() instanceof Literal.Expression.Plain(Term term)
                        && term instanceof Term.Comprehension) {
                    return List.of(literal);
                }
            } catch (RegoException again) {
                throw e;
            }
            throw e;
        }
    }

    private Rule defaultRule(Location at, List<Term> path, @Nullable List<Term> arguments) {
        Term value = value();
        if (value == null) {
            throw tokens.unexpected("`:=` and a value: a default rule gives one");
        }
        if (tokens.keyword("if") || (tokens.now().is("{") && !tokens.now().lined())) {
            throw tokens.unexpected("the next rule: a default rule has no body");
        }
        return new Rule(
                at, true, path, arguments, null, List.of(new Alternative(at, value, List.of())), tokens.lastRow());
    }

    private List<Term> head() {
        Token name = tokens.now();
        if (name.kind() != Token.Kind.NAME) {
            throw tokens.unexpected("the name of a rule");
        }
        boolean longer = tokens.headsReference(1);
        if (TermParser.KEYWORDS.contains(name.text()) && !longer) {
            throw tokens.unexpected("the name of a rule, which is no keyword");
        }
        if (name.text().equals("_") && !longer) {
            throw tokens.unexpected("the name of a rule");
        }
        tokens.next();
        List<Term> path = new ArrayList<>();
        path.add(new Constant(name.at(), StringValue.of(name.text())));
        while (!tokens.now().spaced()) {
            if (tokens.now().is(".")) {
                path.add(terms.member());
            } else if (tokens.now().is("[")) {
                path.add(terms.index());
            } else {
                break;
            }
        }
        return path;
    }

    private static String shown(List<Term> path) {
        return path.getFirst() instanceof Constant(var _, StringValue name)
                ? name.value()
                : path.getFirst() instanceof Variable variable ? variable.name() : "…";
    }

    static RegoException wrong(Location at, String message) {
        return new RegoException(ErrorCode.PARSE, at, message);
    }
}
