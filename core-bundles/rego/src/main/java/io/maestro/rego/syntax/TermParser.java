package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import io.maestro.rego.syntax.Term.Call;
import io.maestro.rego.syntax.Term.Comprehension;
import io.maestro.rego.syntax.Term.Constant;
import io.maestro.rego.syntax.Term.Entry;
import io.maestro.rego.syntax.Term.Kind;
import io.maestro.rego.syntax.Term.Operator;
import io.maestro.rego.syntax.Term.Part;
import io.maestro.rego.syntax.Term.Ref;
import io.maestro.rego.syntax.Term.Variable;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NullValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads terms, by precedence: membership, comparison, union, intersection, sum, product. */
final class TermParser {
    /** What cannot be a variable's name. */
    static final Set<String> KEYWORDS = Set.of(
            "as",
            "contains",
            "default",
            "else",
            "every",
            "false",
            "if",
            "import",
            "in",
            "not",
            "null",
            "package",
            "some",
            "true",
            "with");

    private static final int IN = 0;
    private static final int COMPARISON = 1;
    private static final int UNION = 2;
    private static final int HIGHEST = 5;

    private static final Map<String, Integer> PRECEDENCE = Map.ofEntries(
            Map.entry("==", COMPARISON),
            Map.entry("!=", COMPARISON),
            Map.entry("<", COMPARISON),
            Map.entry("<=", COMPARISON),
            Map.entry(">", COMPARISON),
            Map.entry(">=", COMPARISON),
            Map.entry("|", UNION),
            Map.entry("&", 3),
            Map.entry("+", 4),
            Map.entry("-", 4),
            Map.entry("*", HIGHEST),
            Map.entry("/", HIGHEST),
            Map.entry("%", HIGHEST));

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("==", "equal"),
            Map.entry("!=", "neq"),
            Map.entry("<", "lt"),
            Map.entry("<=", "lte"),
            Map.entry(">", "gt"),
            Map.entry(">=", "gte"),
            Map.entry("|", "or"),
            Map.entry("&", "and"),
            Map.entry("+", "plus"),
            Map.entry("-", "minus"),
            Map.entry("*", "mul"),
            Map.entry("/", "div"),
            Map.entry("%", "rem"));

    private final Tokens tokens;
    private final BodyParser bodies;

    TermParser(Tokens tokens, BodyParser bodies) {
        this.tokens = tokens;
        this.bodies = bodies;
    }

    /** A term with operators. */
    Term term() {
        return infix(IN, true);
    }

    /** A term that ends before {@code in}. */
    Term beforeIn() {
        return infix(COMPARISON, true);
    }

    /** A term that ends before a bar, as the head of a comprehension does. */
    private Term head() {
        return infix(IN, false);
    }

    private Term infix(int lowest, boolean bars) {
        tokens.enter();
        Term left = primary();
        left = infix(left, lowest, bars);
        tokens.leave();
        return left;
    }

    private Term infix(Term first, int lowest, boolean bars) {
        Term left = first;
        while (true) {
            Token sign = tokens.now();
            if (lowest == IN && tokens.keyword("in")) {
                tokens.next();
                tokens.operator();
                Term domain = infix(COMPARISON, bars);
                left = new Call(left.at(), new Operator(sign.at(), "internal.member_2"), List.of(left, domain));
                continue;
            }
            Integer precedence = sign.kind() == Token.Kind.SIGN ? PRECEDENCE.get(sign.text()) : null;
            if (precedence == null || precedence < lowest || (sign.is("|") && !bars)) {
                return left;
            }
            tokens.next();
            tokens.operator();
            Term right = infix(precedence + 1, bars);
            String name = NAMES.getOrDefault(sign.text(), sign.text());
            left = new Call(left.at(), new Operator(sign.at(), name), List.of(left, right));
        }
    }

    /** {@code key, value in domain}, which only stands alone or in parentheses. */
    Term pairIn(Term key) {
        Token comma = tokens.next();
        Term value = beforeIn();
        if (!tokens.takeKeyword("in")) {
            throw tokens.unexpected("`in` after two terms with a comma");
        }
        Term domain = beforeIn();
        return new Call(key.at(), new Operator(comma.at(), "internal.member_3"), List.of(key, value, domain));
    }

    private Term primary() {
        Token token = tokens.now();
        return switch (token.kind()) {
            case NUMBER -> constant(number(tokens.next(), ""));
            case STRING -> postfix(constant(StringValue.of(tokens.next().text())));
            case TEMPLATE -> template(tokens.next());
            case NAME -> name();
            case SIGN ->
                switch (token.text()) {
                    case "-" -> negative();
                    case "(" -> parenthesis();
                    case "[" -> postfix(array());
                    case "{" -> postfix(braces());
                    default -> throw tokens.unexpected("a term");
                };
            case END -> throw tokens.unexpected("a term");
        };
    }

    private Term negative() {
        Token sign = tokens.next();
        Token number = tokens.now();
        if (number.kind() != Token.Kind.NUMBER || number.spaced()) {
            throw tokens.unexpected("a number after `-`");
        }
        tokens.next();
        return new Constant(sign.at(), number(number, "-"));
    }

    private Value number(Token token, String sign) {
        try {
            return NumberValue.parse(sign + token.text());
        } catch (ArithmeticException e) {
            throw tokens.wrong(token.at(), "the number is out of bounds");
        }
    }

    /** A constant in the place of the token just taken. */
    private Constant constant(Value value) {
        return new Constant(tokens.ahead(-1).at(), value);
    }

    private Term parenthesis() {
        tokens.next();
        Term term = term();
        if (tokens.now().is(",")) {
            term = pairIn(term);
        }
        tokens.expect(")", "to close the parenthesis");
        return postfix(term);
    }

    private Term name() {
        Token token = tokens.next();
        if (!tokens.headsReference(0)) {
            Value word = word(token.text());
            if (word != null) {
                return new Constant(token.at(), word);
            }
            boolean called = tokens.now().is("(") && !tokens.now().spaced();
            if (KEYWORDS.contains(token.text()) && !(token.text().equals("contains") && called)) {
                throw tokens.wrong(
                        token.at(), "unexpected `" + token.text() + "`, which is a keyword: expected a term");
            }
            if (token.text().equals("set") && called && tokens.ahead(1).is(")")) {
                tokens.next();
                tokens.next();
                return new Term.SetTerm(token.at(), List.of());
            }
        }
        String name = token.text().equals("_") ? tokens.wildcard() : token.text();
        return postfix(new Variable(token.at(), name));
    }

    private static @Nullable Value word(String text) {
        return switch (text) {
            case "true" -> BoolValue.TRUE;
            case "false" -> BoolValue.FALSE;
            case "null" -> NullValue.NULL;
            default -> null;
        };
    }

    /** What follows a term without space: a member, or the arguments of a call. */
    private Term postfix(Term head) {
        Term term = head;
        List<Term> path = new ArrayList<>();
        while (true) {
            Token token = tokens.now();
            if (token.spaced()) {
                return ref(term, path);
            }
            if (token.is(".")) {
                path.add(member());
            } else if (token.is("[")) {
                path.add(index());
            } else if (token.is("(")) {
                if (!(term instanceof Variable)) {
                    throw tokens.unexpected("an operator: only a name can be called");
                }
                Term operator = ref(term, path);
                term = new Call(term.at(), operator, arguments());
                path = new ArrayList<>();
            } else {
                return ref(term, path);
            }
        }
    }

    private static Term ref(Term head, List<Term> path) {
        return path.isEmpty() ? head : new Ref(head.at(), head, List.copyOf(path));
    }

    Term member() {
        tokens.expect(".", "");
        Token name = tokens.now();
        if (name.kind() != Token.Kind.NAME || name.spaced()) {
            throw tokens.unexpected("a name after the point");
        }
        tokens.next();
        return new Constant(name.at(), StringValue.of(name.text()));
    }

    Term index() {
        tokens.expect("[", "");
        Term index = term();
        tokens.expect("]", "to close the index");
        return index;
    }

    List<Term> arguments() {
        tokens.expect("(", "");
        List<Term> arguments = new ArrayList<>();
        while (!tokens.now().is(")")) {
            arguments.add(term());
            if (!tokens.take(",") && !tokens.now().is(")")) {
                throw tokens.unexpected("`,` or `)` in the arguments");
            }
        }
        tokens.next();
        return arguments;
    }

    private Term array() {
        Location at = tokens.next().at();
        List<Term> members = new ArrayList<>();
        while (!tokens.now().is("]")) {
            Term member = members.isEmpty() ? head() : term();
            if (members.isEmpty() && tokens.take("|")) {
                List<Literal> body = bodies.until("]");
                return new Comprehension(at, Kind.ARRAY, null, member, body);
            }
            members.add(member);
            separator("]", "array");
        }
        tokens.next();
        return new Term.ArrayTerm(at, members);
    }

    private Term braces() {
        Location at = tokens.next().at();
        if (tokens.take("}")) {
            return new Term.ObjectTerm(at, List.of());
        }
        Term first = head();
        if (tokens.take(":")) {
            return object(at, first);
        }
        if (tokens.take("|")) {
            return new Comprehension(at, Kind.SET, null, first, bodies.until("}"));
        }
        List<Term> members = new ArrayList<>(List.of(first));
        separator("}", "set");
        while (!tokens.now().is("}")) {
            members.add(term());
            separator("}", "set");
        }
        tokens.next();
        return new Term.SetTerm(at, members);
    }

    private Term object(Location at, Term firstKey) {
        Term value = head();
        if (tokens.take("|")) {
            return new Comprehension(at, Kind.OBJECT, firstKey, value, bodies.until("}"));
        }
        List<Entry> entries = new ArrayList<>(List.of(new Entry(firstKey, value)));
        separator("}", "object");
        while (!tokens.now().is("}")) {
            Term key = term();
            tokens.expect(":", "after the key of an object");
            entries.add(new Entry(key, term()));
            separator("}", "object");
        }
        tokens.next();
        return new Term.ObjectTerm(at, entries);
    }

    private void separator(String close, String what) {
        if (!tokens.take(",") && !tokens.now().is(close)) {
            throw tokens.unexpected("`,` or `" + close + "` in the " + what);
        }
    }

    private Term template(Token token) {
        tokens.enter();
        List<Part> parts = new ArrayList<>();
        for (Token.Piece piece : token.parts()) {
            if (piece.tokens().isEmpty()) {
                parts.add(new Part.Text(piece.text()));
                continue;
            }
            Tokens inner = tokens.inner(piece.tokens());
            if (inner.atEnd()) {
                throw inner.unexpected("an expression between the braces of a template string");
            }
            BodyParser body = new BodyParser(inner);
            Literal literal = body.literal();
            if (!inner.atEnd()) {
                throw inner.unexpected("`}` after the expression of a template string");
            }
            if (literal.negated() || !(literal.expression() instanceof Literal.Expression.Plain)) {
                throw inner.wrong(literal.at(), "a template string takes terms and calls only");
            }
            parts.add(new Part.Hole(literal));
        }
        tokens.leave();
        return new Term.Template(token.at(), parts);
    }
}
