package io.maestro.rego.syntax;

import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Literal.Expression;
import io.maestro.rego.syntax.Literal.With;
import io.maestro.rego.syntax.Module.Comment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Writes a module in the one usual way: tabs, one expression a line, imports in order, comments where they were. Formatting what
 * is formatted changes nothing.
 */
public final class Formatter {
    private final StringBuilder out = new StringBuilder();
    private final TermWriter terms = new TermWriter(this::nested);
    private final Deque<Comment> comments;
    private int indent;
    private boolean begun;

    private Formatter(List<Comment> comments) {
        this.comments = new ArrayDeque<>(comments);
    }

    /**
     * Formats one source file.
     *
     * @throws RegoException when it is no Rego
     */
    public static String format(String file, String text) {
        Module module = Parser.module(file, text);
        Formatter formatter = new Formatter(module.comments());
        formatter.module(module, imports(file, text));
        return formatter.out.toString();
    }

    /** Imports of keywords say nothing any more, but an author may want them kept: they come from the text. */
    private static List<String> imports(String file, String text) {
        List<Token> tokens = new Lexer(file, text).tokens();
        List<String> lines = new java.util.ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean statement = token.isWord("import")
                    && token.lined()
                    && !tokens.get(i + 1).is(".");
            if (statement) {
                StringBuilder line = new StringBuilder("import ");
                int at = i + 1;
                while (at < tokens.size()
                        && !tokens.get(at).lined()
                        && tokens.get(at).kind() != Token.Kind.END) {
                    Token part = tokens.get(at);
                    boolean alias = part.isWord("as") && part.spaced();
                    String shown = part.kind() == Token.Kind.STRING
                            ? io.maestro.rego.value.StringValue.of(part.text()).toString()
                            : part.text();
                    line.append(alias ? " as " : shown);
                    at++;
                }
                lines.add(line.toString());
            }
        }
        return lines;
    }

    private void module(Module module, List<String> imports) {
        before(module.at().row());
        line("package " + path(module.packagePath()));
        if (!imports.isEmpty()) {
            out.append('\n');
            int first = module.rules().isEmpty()
                    ? Integer.MAX_VALUE
                    : module.rules().getFirst().at().row();
            // comments among the imports stay above them
            while (!comments.isEmpty() && belongsToImports(module, first)) {
                line("#" + comments.poll().text());
            }
            imports.stream().sorted().distinct().forEach(this::line);
        }
        Rule last = null;
        for (Rule rule : module.rules()) {
            boolean together =
                    last != null && isShort(last) && isShort(rule) && rule.at().row() == last.end() + 1;
            if (!together) {
                out.append('\n');
            }
            before(rule.at().row());
            rule(rule);
            last = rule;
        }
        while (!comments.isEmpty()) {
            if (last != null || begun) {
                out.append('\n');
                last = null;
                begun = false;
            }
            line("#" + comments.poll().text());
        }
    }

    private boolean belongsToImports(Module module, int firstRule) {
        int row = comments.element().at().row();
        int lastImport =
                module.imports().isEmpty() ? 0 : module.imports().getLast().at().row();
        return row <= lastImport && row < firstRule;
    }

    /** Whether it stands in one line, before and after. */
    private static boolean isShort(Rule rule) {
        List<Literal> body = rule.alternatives().getFirst().body();
        return rule.end() == rule.at().row()
                && rule.alternatives().size() == 1
                && body.size() <= 1
                && body.stream().noneMatch(literal -> literal.expression() instanceof Expression.Every);
    }

    private static String path(List<String> path) {
        return TermWriter.path(path);
    }

    /** Comments that stand above a row. */
    private void before(int row) {
        int last = 0;
        while (!comments.isEmpty() && comments.element().at().row() < row) {
            Comment comment = comments.remove();
            if (last > 0 && comment.at().row() > last + 1) {
                out.append('\n');
            }
            last = comment.at().row();
            line("#" + comment.text());
        }
        if (last > 0 && last + 1 < row && indent == 0 && begun) {
            out.append('\n');
        }
        begun = true;
    }

    /** Comments that end a row. */
    private void after(int row) {
        while (!comments.isEmpty() && comments.element().at().row() <= row) {
            int end = out.length() - 1;
            out.insert(end, " #" + comments.remove().text());
        }
    }

    private void rule(Rule rule) {
        StringBuilder head = new StringBuilder(rule.isDefault() ? "default " : "");
        head.append(terms.head(rule.path()));
        if (rule.arguments() != null) {
            head.append('(').append(terms.list(rule.arguments())).append(')');
        }
        if (rule.member() != null) {
            head.append(" contains ").append(terms.text(rule.member()));
        }
        int count = rule.alternatives().size();
        for (int i = 0; i < count; i++) {
            Rule.Alternative alternative = rule.alternatives().get(i);
            String begin = i == 0 ? head.toString() : "else";
            String value = alternative.value() == null ? "" : " := " + terms.text(alternative.value());
            int next = i + 1 < count ? rule.alternatives().get(i + 1).at().row() : rule.end();
            alternative(begin + value, alternative, i > 0, next);
        }
        after(rule.end());
    }

    private void alternative(String begin, Rule.Alternative alternative, boolean continues, int end) {
        if (continues && out.length() > 1 && out.charAt(out.length() - 2) == '}') {
            out.setLength(out.length() - 1);
            out.append(' ');
            out.append(begin);
        } else {
            out.append("\t".repeat(indent)).append(begin);
        }
        List<Literal> body = alternative.body();
        boolean alone = body.size() == 1
                && body.getFirst().at().row() == alternative.at().row()
                && !(body.getFirst().expression() instanceof Expression.Every);
        if (body.isEmpty()) {
            out.append('\n');
        } else if (alone) {
            out.append(" if ").append(literal(body.getFirst())).append('\n');
        } else {
            out.append(" if {\n");
            after(alternative.at().row());
            block(body, end);
            line("}");
        }
    }

    private void block(List<Literal> body, int end) {
        indent++;
        for (Literal literal : body) {
            before(literal.at().row());
            line(literal(literal));
            after(literal.at().row());
        }
        inner(end);
        indent--;
    }

    /** Comments at the end of a block. */
    private void inner(int end) {
        while (!comments.isEmpty() && comments.element().at().row() < end) {
            line("#" + comments.remove().text());
        }
    }

    private void line(String text) {
        out.append("\t".repeat(indent)).append(text).append('\n');
    }

    /** A literal inside a term, for the writer of terms. */
    private String nested(Literal literal) {
        return literal(literal);
    }

    private String literal(Literal literal) {
        StringBuilder text = new StringBuilder(literal.negated() ? "not " : "");
        switch (literal.expression()) {
            case Expression.Plain(Term term) -> text.append(terms.statement(term));
            case Expression.Some(List<Term.Variable> names) ->
                text.append("some ").append(terms.list(List.<Term>copyOf(names)));
            case Expression.SomeIn(var key, Term value, Term domain) ->
                text.append("some ")
                        .append(key == null ? "" : terms.text(key) + ", ")
                        .append(terms.text(value))
                        .append(" in ")
                        .append(terms.text(domain));
            case Expression.Every(var key, Term.Variable value, Term domain, List<Literal> body) -> {
                text.append("every ")
                        .append(key == null ? "" : terms.text(key) + ", ")
                        .append(terms.text(value))
                        .append(" in ")
                        .append(terms.text(domain))
                        .append(" {\n");
                indent++;
                for (Literal inner : body) {
                    text.append("\t".repeat(indent)).append(literal(inner)).append('\n');
                }
                indent--;
                text.append("\t".repeat(indent)).append('}');
            }
        }
        for (With with : literal.withs()) {
            text.append(" with ")
                    .append(terms.text(with.target()))
                    .append(" as ")
                    .append(terms.text(with.value()));
        }
        return text.toString();
    }
}
