package io.maestro.rego.compile;

import io.maestro.rego.syntax.Annotation;
import io.maestro.rego.syntax.Annotation.Scope;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The annotations that hold for a rule, from its own to those of the packages above. */
final class MetadataChain {
    private final Collection<Module> modules;

    MetadataChain(Collection<Module> modules) {
        this.modules = modules;
    }

    /** What stands directly above the rule; an object without members when nothing does. */
    Value rule(Module module, Rule rule) {
        for (Annotation annotation : module.annotations()) {
            if (annotation.scope() == Scope.RULE
                    && annotation.row() == rule.at().row()) {
                return annotation.content();
            }
        }
        for (Annotation annotation : module.annotations()) {
            if (annotation.scope() == Scope.DOCUMENT
                    && annotation.row() == rule.at().row()) {
                return annotation.content();
            }
        }
        return ObjectValue.EMPTY;
    }

    /** One entry for the rule, annotated or not, then one for each annotation above it. */
    Value chain(Module module, Rule rule) {
        List<Value> chain = new ArrayList<>();
        List<String> path = path(module, rule);
        List<Annotation> all =
                modules.stream().flatMap(each -> each.annotations().stream()).toList();
        ObjectValue own = null;
        for (Annotation annotation : module.annotations()) {
            if (annotation.scope() == Scope.RULE
                    && annotation.row() == rule.at().row()) {
                own = annotation.content();
            }
        }
        chain.add(entry(path, own));
        for (Annotation annotation : all) {
            if (annotation.scope() == Scope.DOCUMENT && annotation.path().equals(path)) {
                chain.add(entry(path, annotation.content()));
            }
        }
        List<String> packagePath = path(module, null);
        for (Annotation annotation : all) {
            if (annotation.scope() == Scope.PACKAGE && annotation.path().equals(packagePath)) {
                chain.add(entry(packagePath, annotation.content()));
            }
        }
        for (int length = packagePath.size(); length > 0; length--) {
            List<String> above = packagePath.subList(0, length);
            for (Annotation annotation : all) {
                if (annotation.scope() == Scope.SUBPACKAGES && annotation.path().equals(above)) {
                    chain.add(entry(above, annotation.content()));
                }
            }
        }
        return ArrayValue.keeping(chain);
    }

    private static List<String> path(Module module, @Nullable Rule rule) {
        List<String> path = new ArrayList<>(List.of("data"));
        path.addAll(module.packagePath());
        if (rule != null) {
            for (Term part : rule.path()) {
                if (!(part instanceof Term.Constant(var _, StringValue name))) {
                    break;
                }
                path.add(name.value());
            }
        }
        return path;
    }

    private static Value entry(List<String> path, @Nullable ObjectValue content) {
        Map<Value, Value> members = new HashMap<>();
        members.put(
                StringValue.of("path"),
                ArrayValue.keeping(
                        path.stream().skip(1).<Value>map(StringValue::of).toList()));
        if (content != null) {
            members.put(StringValue.of("annotations"), content);
        }
        return ObjectValue.keeping(members);
    }
}
