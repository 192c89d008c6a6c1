package io.maestro.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PRIVATE;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** What every class of the product keeps to. Each rule has a counter-example in a package {@code counterexample}. */
final class Rules {
    private static final String COMPONENT = "org.osgi.service.component.annotations.Component";
    private static final List<String> BANNED_ENDS =
            List.of("Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "DTO", "Dto", "Data", "Info");
    private static final Set<String> MUTABLE = Set.of(
            "java.util.ArrayList",
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.TreeMap",
            "java.util.HashSet",
            "java.util.WeakHashMap",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.ConcurrentLinkedQueue",
            "java.util.concurrent.atomic.AtomicInteger",
            "java.util.concurrent.atomic.AtomicLong",
            "java.util.concurrent.atomic.AtomicBoolean",
            "java.util.concurrent.atomic.AtomicReference",
            "java.util.concurrent.ExecutorService",
            "java.util.concurrent.ScheduledExecutorService",
            "java.lang.Thread");

    /**
     * They ask a database or another process again and again, or look after instances at a pace: nothing there could tell
     * them when it is so far.
     */
    private static final Set<String> MAY_SLEEP = Set.of(
            "io.maestro.store.postgres.PostgresDatabase",
            "io.maestro.launcher.PostgresServer",
            "io.maestro.assembly.Training",
            "io.maestro.assembly.Training$Calls",
            "io.maestro.adapters.Probes",
            "io.maestro.adapters.RolloutCommit",
            "io.maestro.adapters.RolloutRun",
            "io.maestro.adapters.RolloutRunner",
            "io.maestro.events.alerts.AlertWatch",
            "io.maestro.cli.AdapterCommands");

    private Rules() {}

    static final ArchRule IMPORT_DIRECTIONS = classes()
            .that(areWritten())
            .should(Imports.onlyWhatItsPartMay())
            .because("docs/decisions/0002-contract-bundles.md says who may import whom; "
                    + "the tables are in Imports of itests/architecture");

    static final ArchRule JOOQ_IN_ITS_CLASSES = noClasses()
            .that(areWritten())
            .and(describe("are not Jooq… classes", type -> !outermost(type).startsWith("Jooq")))
            .and()
            .resideOutsideOfPackage("io.maestro.store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jooq..")
            .because("jOOQ stays inside the Jooq… classes");

    static final ArchRule NO_CYCLES = slices().matching("io.maestro.(**)")
            .should()
            .beFreeOfCycles()
            // the list of all types stands beside the type of types, in the same bundle
            .ignoreDependency(
                    named("io.maestro.adapter.spi.AdapterType"), named("io.maestro.adapter.spi.storage.ObjectStorage"))
            .ignoreDependency(
                    named("io.maestro.adapter.spi.AdapterType"),
                    named("io.maestro.adapter.spi.identity.IdentityProvider"))
            .ignoreDependency(
                    named("io.maestro.adapter.spi.AdapterType"),
                    named("io.maestro.adapter.spi.provisioning.UserDirectory"))
            .because("two packages that need each other are one");

    static final ArchRule NULL_MARKED = classes()
            .that(areWritten())
            .should(condition(
                    "be in a package marked @NullMarked",
                    type -> type.getPackage()
                            .tryGetPackageInfo()
                            .filter(info -> info.isAnnotatedWith(NullMarked.class))
                            .isPresent()));

    static final ArchRule COMPONENTS_ARE_NAMED_SO = noClasses()
            .that(describe("are not …Component", type -> !outermost(type).endsWith("Component")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.osgi.service.component.annotations..")
            .because("declarative services stay at the surface");

    static final ArchRule COMPONENTS_ARE_PUBLIC_AND_FINAL = classes()
            .that()
            .areAnnotatedWith(COMPONENT)
            .should()
            .bePublic()
            .andShould()
            .haveModifier(FINAL)
            .because("the runtime makes them, and nobody extends them");

    static final ArchRule NAMED_COMPONENTS_ARE_COMPONENTS = classes()
            .that()
            .haveSimpleNameEndingWith("Component")
            .should()
            .beAnnotatedWith(COMPONENT)
            .because("the ending is taken");

    static final ArchRule NO_MUTABLE_STATICS = fields().that(describe("are written and static", Rules::isWrittenStatic))
            .should(condition(
                    "be final and of an immutable type",
                    field -> field.getModifiers().contains(FINAL)
                            && (!field.getRawType().isArray()
                                    || (field.getModifiers().contains(PRIVATE)
                                            && field.getRawType()
                                                    .getComponentType()
                                                    .isPrimitive()))
                            && !MUTABLE.contains(field.getRawType().getName())))
            .because("state has an owner with a life cycle");

    static final ArchRule NO_STANDARD_STREAMS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.maestro.launcher..",
                    "io.maestro.cli..",
                    "io.maestro.assembly..",
                    "io.maestro.signer..",
                    "io.maestro.conformance.run..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace")
            .because("bundles log; programs talk to people");

    static final ArchRule NO_BANNED_NAMES = classes()
            .should(condition(
                    "have a name that says what they are",
                    type -> BANNED_ENDS.stream()
                                    .noneMatch(end -> type.getSimpleName().endsWith(end) && !extendsForeign(type, end))
                            && !(type.getModifiers().contains(PUBLIC)
                                    && type.getModifiers().contains(ABSTRACT)
                                    && type.getSimpleName().startsWith("Abstract"))))
            .because("docs/decisions/0001-names.md bans " + BANNED_ENDS + " and public Abstract… types");

    static final ArchRule NO_SLEEP = noClasses()
            .that(describe("are not among those that may", type -> !MAY_SLEEP.contains(type.getName())))
            .should()
            .callMethodWhere(describe(
                    "is Thread.sleep or TimeUnit.sleep",
                    call -> call.getName().equals("sleep")
                            && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                                    .contains(call.getTargetOwner().getName())))
            .because("wait for the condition, with a limit, and not for time to pass");

    static final ArchRule NO_THREAD_LOCALS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.(Inheritable)?ThreadLocal")
            .because("scope and principal are parameters, and a thread-local pins an adapter's class loader");

    static final ArchRule NO_SYSTEM_CLOCK = noClasses()
            .that(describe(
                    "are neither components nor programs",
                    type -> !outermost(type).endsWith("Component")
                            && !type.getPackageName().startsWith("io.maestro.launcher")
                            && !type.getPackageName().startsWith("io.maestro.cli")))
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("time comes from an InstantSource");

    static final ArchRule EXPORTED_INTERFACES_SAY_WHO_IMPLEMENTS = classes()
            .that(describe(
                    "are exported interfaces",
                    type -> type.isInterface()
                            && !type.isAnnotation()
                            && type.isTopLevelClass()
                            && type.getModifiers().contains(PUBLIC)
                            && type.getPackage()
                                    .tryGetPackageInfo()
                                    .filter(info -> info.isAnnotatedWith("org.osgi.annotation.versioning.Version"))
                                    .isPresent()))
            .should(condition(
                    "be a @ConsumerType, a @ProviderType or sealed",
                    type -> type.isAnnotatedWith("org.osgi.annotation.versioning.ConsumerType")
                            || type.isAnnotatedWith("org.osgi.annotation.versioning.ProviderType")
                            || isSealed(type)))
            .because("who implements an interface decides what an addition breaks");

    /** Every rule, for the test that shows that each can fail. */
    static final List<ArchRule> ALL = List.of(
            IMPORT_DIRECTIONS,
            JOOQ_IN_ITS_CLASSES,
            NO_CYCLES,
            NULL_MARKED,
            COMPONENTS_ARE_NAMED_SO,
            COMPONENTS_ARE_PUBLIC_AND_FINAL,
            NAMED_COMPONENTS_ARE_COMPONENTS,
            NO_MUTABLE_STATICS,
            NO_STANDARD_STREAMS,
            NO_BANNED_NAMES,
            NO_SLEEP,
            NO_THREAD_LOCALS,
            NO_SYSTEM_CLOCK,
            EXPORTED_INTERFACES_SAY_WHO_IMPLEMENTS);

    /** Not package-info, which exists only in its annotations. */
    private static DescribedPredicate<JavaClass> areWritten() {
        return describe("are written by hand", Rules::isWritten);
    }

    private static boolean isWritten(JavaClass type) {
        return !type.getSimpleName().equals("package-info");
    }

    private static boolean isWrittenStatic(JavaField field) {
        return field.getModifiers().contains(STATIC)
                && !field.getModifiers().contains(SYNTHETIC)
                && isWritten(field.getOwner());
    }

    /** The compiler writes no flag for it; the permitted subclasses are nested in all of ours. */
    private static boolean isSealed(JavaClass type) {
        return !type.getSubclasses().isEmpty()
                && type.getSubclasses().stream()
                        .allMatch(sub ->
                                sub.getEnclosingClass().filter(type::equals).isPresent());
    }

    /** Whether it has its ending from a class of somebody else that it extends. */
    private static boolean extendsForeign(JavaClass type, String end) {
        return type.getRawSuperclass()
                .filter(parent -> parent.getSimpleName().endsWith(end)
                        && !parent.getName().startsWith("io.maestro."))
                .isPresent();
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getSimpleName();
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return describe(name, type -> type.getName().equals(name));
    }

    private static <T> DescribedPredicate<T> describe(String description, java.util.function.Predicate<T> test) {
        return DescribedPredicate.describe(description, test);
    }

    private static <
                    T extends
                            com.tngtech.archunit.core.domain.properties.HasName
                                    & com.tngtech.archunit.base.HasDescription>
            ArchCondition<T> condition(String description, java.util.function.Predicate<T> test) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T subject, ConditionEvents events) {
                if (!test.test(subject)) {
                    events.add(SimpleConditionEvent.violated(
                            subject, subject.getDescription() + " should " + description));
                }
            }
        };
    }
}
