package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import io.maestro.rego.syntax.Annotation.Scope;
import io.maestro.rego.syntax.Module.Comment;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds the {@code # METADATA} blocks among the comments, and gives each to the statement that follows it. */
final class AnnotationReader {
    private static final Set<String> KNOWN = Set.of(
            "scope",
            "title",
            "description",
            "entrypoint",
            "organizations",
            "authors",
            "related_resources",
            "schemas",
            "custom",
            "compile");

    private final Location packageAt;
    private final List<String> packagePath;
    private final List<Rule> rules;

    private AnnotationReader(Location packageAt, List<String> packagePath, List<Rule> rules) {
        this.packageAt = packageAt;
        this.packagePath = packagePath;
        this.rules = rules;
    }

    static List<Annotation> read(
            List<Comment> comments, Location packageAt, List<String> packagePath, List<Rule> rules) {
        AnnotationReader reader = new AnnotationReader(packageAt, packagePath, rules);
        List<Annotation> annotations = new ArrayList<>();
        for (int i = 0; i < comments.size(); i++) {
            Comment head = comments.get(i);
            if (!head.text().strip().equals("METADATA")) {
                continue;
            }
            StringBuilder text = new StringBuilder();
            int row = head.at().row();
            while (i + 1 < comments.size()
                    && comments.get(i + 1).at().row() == row + 1
                    && comments.get(i + 1).at().column() == head.at().column()
                    && !comments.get(i + 1).text().strip().equals("METADATA")) {
                row++;
                i++;
                text.append(comments.get(i).text()).append('\n');
            }
            annotations.add(reader.annotation(head.at(), row, text.toString()));
        }
        return List.copyOf(annotations);
    }

    private Annotation annotation(Location at, int lastRow, String text) {
        ObjectValue content = content(at, text);
        boolean ofPackage = packageAt.row() > lastRow;
        Rule rule = rules.stream()
                .filter(candidate -> candidate.at().row() > lastRow)
                .findFirst()
                .orElse(null);
        if (!ofPackage && rule == null) {
            throw ModuleParser.wrong(at, "the annotation stands above nothing: a package or a rule must follow it");
        }
        Scope scope = scope(at, content, ofPackage);
        boolean rulish = scope == Scope.RULE || scope == Scope.DOCUMENT;
        if (ofPackage == rulish) {
            throw ModuleParser.wrong(
                    at,
                    "an annotation with the scope " + scope.name().toLowerCase(Locale.ROOT) + " stands above a "
                            + (ofPackage ? "rule, not above a package" : "package, not above a rule"));
        }
        List<String> path = new ArrayList<>(List.of("data"));
        path.addAll(packagePath);
        if (rule != null && rulish) {
            for (Term part : rule.path()) {
                if (!(part instanceof Term.Constant(var _, StringValue name))) {
                    break;
                }
                path.add(name.value());
            }
        }
        Value shown = StringValue.of(scope.name().toLowerCase(Locale.ROOT));
        return new Annotation(
                at,
                scope,
                List.copyOf(path),
                rule != null && rulish ? rule.at().row() : 0,
                normal(at, content).with(StringValue.of("scope"), shown));
    }

    private static ObjectValue content(Location at, String text) {
        Value value;
        try {
            value = Yaml.read(text);
        } catch (IllegalArgumentException e) {
            throw ModuleParser.wrong(at, "the annotation is " + e.getMessage());
        }
        if (!(value instanceof ObjectValue content)) {
            throw ModuleParser.wrong(at, "the annotation has no content: write YAML in the comment lines below it");
        }
        for (Value key : content.keys()) {
            if (!KNOWN.contains(((StringValue) key).value())) {
                throw ModuleParser.wrong(at, "an annotation has no " + key + "; what is yours goes below `custom`");
            }
        }
        return content;
    }

    private static Scope scope(Location at, ObjectValue content, boolean ofPackage) {
        Value written = content.get("scope");
        if (written == null) {
            boolean entrypoint = BoolValue.TRUE.equals(content.get("entrypoint"));
            return ofPackage ? Scope.PACKAGE : entrypoint ? Scope.DOCUMENT : Scope.RULE;
        }
        for (Scope scope : Scope.values()) {
            if (written.equals(StringValue.of(scope.name().toLowerCase(Locale.ROOT)))) {
                return scope;
            }
        }
        throw ModuleParser.wrong(
                at, "no such scope of an annotation: " + written + " (rule, document, package or subpackages)");
    }

    /** Authors and resources may be written short; they are told in full. */
    private static ObjectValue normal(Location at, ObjectValue content) {
        Map<Value, Value> members = new HashMap<>(content.members());
        members.replaceAll((key, value) -> switch (((StringValue) key).value()) {
            case "authors" -> each(at, value, AnnotationReader::author);
            case "related_resources" -> each(at, value, text -> ObjectValue.of("ref", StringValue.of(text)));
            default -> value;
        });
        return ObjectValue.keeping(members);
    }

    private static Value each(Location at, Value value, java.util.function.Function<String, Value> full) {
        if (!(value instanceof ArrayValue array)) {
            throw ModuleParser.wrong(at, "authors and related_resources are lists");
        }
        List<Value> members = new ArrayList<>();
        for (Value member : array) {
            members.add(member instanceof StringValue text ? full.apply(text.value()) : member);
        }
        return ArrayValue.keeping(members);
    }

    private static Value author(String text) {
        String stripped = text.strip();
        int open = stripped.lastIndexOf('<');
        if (open >= 0 && stripped.endsWith(">")) {
            String name = stripped.substring(0, open).strip();
            ObjectValue mail =
                    ObjectValue.of("email", StringValue.of(stripped.substring(open + 1, stripped.length() - 1)));
            return name.isEmpty() ? mail : mail.with(StringValue.of("name"), StringValue.of(name));
        }
        return ObjectValue.of("name", StringValue.of(stripped));
    }
}
