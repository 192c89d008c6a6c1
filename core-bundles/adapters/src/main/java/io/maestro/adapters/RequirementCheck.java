package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Requirement;
import io.maestro.api.adapters.RequirementProblem;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares requirements with what a scope has and what is installed. Pure: it looks nothing up. */
final class RequirementCheck {
    private static final Pattern CONTRACT = Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");

    private final Scope scope;
    private final List<AdapterType<?>> types;
    private final List<Instance> instances;
    private final List<Offer> offers;
    private final Map<DefinitionId, Offer> byId;

    /** An installed definition. */
    record Offer(DefinitionId definition, TypeName type, String contractVersion) {}

    /** A requirement that has been read. */
    private record Wish(Requirement requirement, VersionRange range, Contract contract) {}

    private record Contract(int major, int minor) {
        static final Contract ANY = new Contract(-1, 0);

        boolean servedBy(String version) {
            Contract other = parse(version);
            return this.equals(ANY) || (other.major == major && other.minor >= minor);
        }

        static Contract parse(@Nullable String text) {
            Matcher parts = CONTRACT.matcher(text == null ? "" : text);
            if (text != null && !parts.matches()) {
                throw invalid("the contract version cannot be read", "Write MAJOR.MINOR, for example 1.0.");
            }
            return text == null
                    ? ANY
                    : new Contract(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        }
    }

    /**
     * What to compare with.
     *
     * @param instances those of the scope, by name
     * @param offers definitions of the types that are asked for, the newest first
     */
    RequirementCheck(Scope scope, List<AdapterType<?>> types, List<Instance> instances, List<Offer> offers) {
        this.scope = scope;
        this.types = types;
        this.instances = instances;
        this.offers = offers;
        this.byId = offers.stream().collect(Collectors.toMap(Offer::definition, Function.identity()));
    }

    Finding check(Requirement requirement) {
        Wish wish = new Wish(
                requirement,
                requirement.versionRange() == null ? VersionRange.ANY : VersionRange.parse(requirement.versionRange()),
                Contract.parse(requirement.contractVersion()));
        return againstType(wish).<Finding>map(Finding.Missed::new).orElseGet(() -> againstInstances(wish));
    }

    private Optional<Problem> againstType(Wish wish) {
        Requirement wanted = wish.requirement();
        Optional<AdapterType<?>> known =
                types.stream().filter(type -> type.name().equals(wanted.type())).findFirst();
        if (known.isEmpty()) {
            return miss(
                    RequirementProblem.REQUIREMENT_TYPE_UNKNOWN,
                    "this release has no adapter type \"" + wanted.type() + "\"",
                    "Ask for one of: " + list(types, AdapterType::name) + ".");
        }
        AdapterType<?> type = known.get();
        if (!wish.contract().servedBy(type.contractVersion())) {
            return miss(
                    RequirementProblem.REQUIREMENT_CONTRACT_UNSUPPORTED,
                    "contract " + wanted.contractVersion() + " of \"" + type.name() + "\" is wanted, this release has "
                            + type.contractVersion(),
                    "Use a release with that contract, or ask for " + type.contractVersion() + ".");
        }
        List<OperationName> missing = wanted.operations().stream()
                .filter(operation -> type.operation(operation).isEmpty())
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : miss(
                        RequirementProblem.REQUIREMENT_OPERATION_MISSING,
                        "the type \"" + type.name() + "\" has no operation " + list(missing, Function.identity()),
                        "Use its operations: "
                                + type.operations().stream()
                                        .map(operation -> operation.name().value())
                                        .collect(Collectors.joining(", "))
                                + ".");
    }

    private Finding againstInstances(Wish wish) {
        InstanceId named = wish.requirement().instance();
        if (named != null) {
            return instances.stream()
                    .filter(instance -> instance.id().equals(named))
                    .findFirst()
                    .map(instance -> judge(instance, wish))
                    .orElseGet(() -> absent(wish));
        }
        // the miss that is nearest to being met is the most useful one
        List<Finding> findings = new ArrayList<>();
        for (Instance instance : instances) {
            if (fits(instance, wish.requirement())) {
                findings.add(judge(instance, wish));
            }
        }
        return findings.stream()
                .min(Comparator.comparingInt(RequirementCheck::distance))
                .orElseGet(() -> absent(wish));
    }

    private static int distance(Finding finding) {
        return switch (finding) {
            case Finding.Satisfied satisfied -> 0;
            case Finding.Missed missed -> {
                String code = missed.problem().code();
                yield code.equals(RequirementProblem.REQUIREMENT_INSTANCE_STOPPED.code())
                        ? 1
                        : code.equals(RequirementProblem.REQUIREMENT_INSTANCE_FAILED.code()) ? 2 : 3;
            }
        };
    }

    private static boolean fits(Instance instance, Requirement wanted) {
        return instance.type().equals(wanted.type())
                && (wanted.adapter() == null || instance.definition().name().equals(wanted.adapter()));
    }

    private Finding judge(Instance instance, Wish wish) {
        Requirement wanted = wish.requirement();
        String name = "the instance \"" + instance.id() + "\"";
        if (!fits(instance, wanted)) {
            return missed(
                    RequirementProblem.REQUIREMENT_INSTANCE_UNFIT,
                    name + " is of " + instance.definition() + ", type \"" + instance.type() + "\"",
                    "Name another instance, or create one of " + what(wanted) + " under another name.");
        }
        if (!wish.range().contains(instance.definition().version())) {
            return missed(
                    RequirementProblem.REQUIREMENT_VERSION_OUTSIDE,
                    name + " is of " + instance.definition() + ", wanted is " + wish.range(),
                    upgrade(instance, wish));
        }
        Offer offer = byId.get(instance.definition());
        if (offer != null && !wish.contract().servedBy(offer.contractVersion())) {
            return missed(
                    RequirementProblem.REQUIREMENT_CONTRACT_UNSUPPORTED,
                    name + " is of " + instance.definition() + ", which has contract " + offer.contractVersion()
                            + ", wanted is " + wanted.contractVersion(),
                    upgrade(instance, wish));
        }
        if (instance.wanted() == Wanted.STOPPED) {
            return missed(
                    RequirementProblem.REQUIREMENT_INSTANCE_STOPPED,
                    name + " is stopped",
                    "Start it: maestro instance start " + at() + " " + instance.id());
        }
        if (instance.observed() == Observed.FAILED) {
            Problem why = instance.problem();
            return missed(
                    RequirementProblem.REQUIREMENT_INSTANCE_FAILED,
                    name + " cannot run" + (why == null ? "" : ": " + why.detail()),
                    why == null || why.fix() == null
                            ? "See: maestro instance get " + at() + " " + instance.id()
                            : why.fix());
        }
        return new Finding.Satisfied(instance.id(), instance.definition());
    }

    private Finding absent(Wish wish) {
        Requirement wanted = wish.requirement();
        Optional<Offer> best = best(wish, null);
        if (best.isEmpty()) {
            return missed(
                    RequirementProblem.REQUIREMENT_DEFINITION_MISSING,
                    "nothing is installed that is " + what(wanted),
                    "Install one, then create an instance: maestro adapter install JAR");
        }
        DefinitionId definition = best.get().definition();
        String name = wanted.instance() == null ? "NAME" : wanted.instance().value();
        return missed(
                RequirementProblem.REQUIREMENT_INSTANCE_MISSING,
                wanted.instance() == null
                        ? "there is no instance in " + scope + " of " + what(wanted)
                        : "there is no instance \"" + name + "\" in " + scope,
                "Create it: maestro instance create " + at() + " --adapter " + definition + " " + name);
    }

    private String upgrade(Instance instance, Wish wish) {
        String adapter = instance.definition().name().value();
        return best(wish, adapter)
                .map(offer -> "Replace it by one of " + offer.definition() + ", which is installed.")
                .orElseGet(() -> "Install a version of " + adapter + " within " + wish.range()
                        + (wish.requirement().contractVersion() == null
                                ? ""
                                : " with contract " + wish.requirement().contractVersion())
                        + ", then replace the instance by one of it.");
    }

    /** The newest definition that would do. */
    private Optional<Offer> best(Wish wish, @Nullable String adapter) {
        Requirement wanted = wish.requirement();
        return offers.stream()
                .filter(offer -> offer.type().equals(wanted.type()))
                .filter(offer ->
                        adapter == null || offer.definition().name().value().equals(adapter))
                .filter(offer ->
                        wanted.adapter() == null || offer.definition().name().equals(wanted.adapter()))
                .filter(offer -> wish.range().contains(offer.definition().version()))
                .filter(offer -> wish.contract().servedBy(offer.contractVersion()))
                .findFirst();
    }

    private static String what(Requirement wanted) {
        String range = wanted.versionRange() == null ? "" : " " + wanted.versionRange();
        String contract = wanted.contractVersion() == null ? "" : " with contract " + wanted.contractVersion();
        return (wanted.adapter() == null ? "type \"" + wanted.type() + "\"" : "\"" + wanted.adapter() + "\"")
                + range
                + contract;
    }

    private String at() {
        return "-t " + scope.tenant() + " -e " + scope.environment();
    }

    private static <T> String list(List<? extends T> items, Function<T, ?> view) {
        return items.stream().map(item -> String.valueOf(view.apply(item))).collect(Collectors.joining(", "));
    }

    private static Optional<Problem> miss(RequirementProblem code, String detail, String fix) {
        return Optional.of(Problem.of(code, detail, fix));
    }

    private static Finding missed(RequirementProblem code, String detail, String fix) {
        return new Finding.Missed(Problem.of(code, detail, fix));
    }

    private static ProblemException invalid(String detail, String fix) {
        return Problem.of(CallerProblem.INVALID_REQUEST, detail, fix).asException();
    }
}
