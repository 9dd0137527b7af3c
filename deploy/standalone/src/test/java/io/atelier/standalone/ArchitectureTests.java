package io.atelier.standalone;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.atelier.contract.digest.Sha256;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Configuration;

/** Architecture rules that the compiler does not check. They are in this module because only it sees all others. */
class ArchitectureTests {

    private static final String[] SERVICES = {"gateway", "generator", "splitter"};
    private static final JavaClasses CODE = production();

    @Test
    void everyModuleIsChecked() {
        for (var module : List.of(
                "client",
                "contract",
                "messaging",
                "storage",
                "http",
                "image",
                "worker",
                "pipeline",
                "gateway",
                "generator",
                "splitter",
                "embedded",
                "avatarsample",
                "subscriber",
                "standalone")) {
            assertThat(CODE).anyMatch(type -> type.getPackageName().startsWith("io.atelier." + module));
        }
    }

    @Test
    void packagesAreFreeOfCycles() {
        check(slices().matching("io.atelier.(**)")
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle can only be understood, tested and changed together"));
    }

    @Test
    void contractsImportNoFramework() {
        check(classes()
                .that()
                .resideInAPackage("io.atelier.contract..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify.annotations..",
                        "com.fasterxml.jackson.annotation..",
                        "io.atelier.contract..")
                .because("external subscribers depend on the contracts only"));
    }

    @Test
    void recordsOfContractsHaveNoDerivedMembers() {
        check(methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.atelier.contract..")
                .and()
                .areDeclaredInClassesThat()
                .areAssignableTo(Record.class)
                .and()
                .areNotStatic()
                .should()
                .haveNameNotMatching("(is|get)[A-Z].*")
                .because("Jackson writes such methods as members that no schema has"));
    }

    @Test
    void commonModulesDoNotDependOnServices() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "io.atelier.contract..",
                        "io.atelier.http..",
                        "io.atelier.image..",
                        "io.atelier.messaging..",
                        "io.atelier.storage..",
                        "io.atelier.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.atelier.gateway..",
                        "io.atelier.generator..",
                        "io.atelier.splitter..",
                        "io.atelier.embedded..",
                        "io.atelier.standalone..")
                .because("dependencies must point from services to common modules"));
    }

    @Test
    void gatewayHasNoWorkerCode() {
        check(noClasses()
                .that()
                .resideInAPackage("io.atelier.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.atelier.worker..")
                .because("the gateway leases no tasks"));
    }

    @Test
    void gatewayDecodesImagesInOnePlace() {
        check(noClasses()
                .that()
                .resideInAPackage("io.atelier.gateway..")
                .and()
                .resideOutsideOfPackage("io.atelier.gateway.api.derivatives..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.atelier.image..")
                        .and(JavaClass.Predicates.resideOutsideOfPackage("io.atelier.image.exif..")))
                .because("decoding takes memory and time, which one part of the gateway limits"));
    }

    @Test
    void gatewayPackagesAreLayered() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.atelier.gateway..")
                .layer("faces")
                .definedBy("io.atelier.gateway.faces..")
                .layer("api")
                .definedBy("io.atelier.gateway.api..")
                .layer("view")
                .definedBy("io.atelier.gateway.view..")
                .layer("lifecycle")
                .definedBy("io.atelier.gateway.lifecycle..")
                .layer("upkeep")
                .definedBy("io.atelier.gateway.upkeep..")
                .layer("files")
                .definedBy("io.atelier.gateway.files..")
                .layer("streams")
                .definedBy("io.atelier.gateway.streams..")
                .layer("webhooks")
                .definedBy("io.atelier.gateway.webhooks..")
                .layer("application")
                .definedBy("io.atelier.gateway")
                .whereLayer("faces")
                .mayOnlyBeAccessedByLayers("application")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("application", "faces")
                .whereLayer("files")
                .mayOnlyBeAccessedByLayers("application", "api", "upkeep")
                .whereLayer("upkeep")
                .mayOnlyBeAccessedByLayers("application")
                .whereLayer("webhooks")
                .mayOnlyBeAccessedByLayers("application", "api")
                .whereLayer("lifecycle")
                .mayOnlyBeAccessedByLayers("application", "api")
                .whereLayer("view")
                .mayOnlyBeAccessedByLayers("application", "api", "faces", "upkeep")
                .whereLayer("streams")
                .mayOnlyBeAccessedByLayers("application", "lifecycle", "view")
                .because("the view serves the API, and the lifecycle does not depend on its readers"));
    }

    @Test
    void gatewayHasOneConfigurationForEachPart() {
        var configurations = CODE.stream()
                .filter(type -> type.getPackageName().startsWith("io.atelier.gateway"))
                .filter(type -> type.isAnnotatedWith(Configuration.class))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        // Api and view have another one for beans that need brokers, so that HTTP tests run without brokers; api one
        // for its description, one for what every exchange passes, one for batches and commands, and one for avatars.
        // Each face can be switched off, so it has its own.
        assertThat(configurations)
                .containsOnly(
                        Map.entry("io.atelier.gateway.api", 6L),
                        Map.entry("io.atelier.gateway.faces", 1L),
                        Map.entry("io.atelier.gateway.faces.hayhooks", 1L),
                        Map.entry("io.atelier.gateway.faces.cloudflare", 1L),
                        Map.entry("io.atelier.gateway.faces.intel", 1L),
                        Map.entry("io.atelier.gateway.faces.openai", 1L),
                        Map.entry("io.atelier.gateway.lifecycle", 1L),
                        Map.entry("io.atelier.gateway.streams", 1L),
                        Map.entry("io.atelier.gateway.upkeep", 1L),
                        Map.entry("io.atelier.gateway.view", 2L),
                        Map.entry("io.atelier.gateway.webhooks", 1L));
    }

    @Test
    void servicesCommunicateByEventsOnly() {
        for (var service : SERVICES) {
            var others = Stream.of(SERVICES)
                    .filter(other -> !other.equals(service))
                    .map(other -> "io.atelier." + other + "..")
                    .toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage("io.atelier." + service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .because("each service runs, scales and fails independently"));
        }
    }

    @Test
    void servicesDoNotKnowTheirDeployment() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.atelier.gateway..", "io.atelier.generator..", "io.atelier.splitter..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.atelier.embedded..", "io.atelier.standalone..")
                .because("in production there is no broker and no store in the JVM"));
    }

    @Test
    void clientUsesTheJdkAndAJsonReaderOnly() {
        check(classes()
                .that()
                .resideInAPackage("io.atelier.client..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", "tools.jackson..", "io.atelier.client..")
                .because("programs that use it must not get a framework, or the contracts of the events"));
    }

    @Test
    void pipelinesNeedNothingButTheJdk() {
        check(classes()
                .that()
                .resideInAPackage("io.atelier.pipeline..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", "io.atelier.pipeline..")
                .because("a jar of pipelines brings its own libraries, which must not meet others of the same name"));
    }

    @Test
    void sampleSubscriberUsesPublicDependenciesOnly() {
        check(classes()
                .that()
                .resideInAPackage("io.atelier.subscriber..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify.annotations..",
                        "org.apache.kafka..",
                        "tools.jackson..",
                        "io.atelier.contract..",
                        "io.atelier.subscriber..")
                .because("another team that copies it has the contracts, Kafka's clients and a JSON reader"));
    }

    @Test
    void enginesDoNotDependOnEachOther() {
        check(slices().matching("io.atelier.generator.engine.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        JavaClass.Predicates.resideInAPackage("io.atelier.generator.engine.diffusion.."),
                        JavaClass.Predicates.resideInAPackage("io.atelier.generator.engine.onnx.."))
                .because("an adapter imports its port only; code that two engines share belongs to neither;"
                        + " models in the process run in ONNX Runtime"));
    }

    @Test
    void typeNamesAreSpecific() {
        check(noClasses()
                .should()
                .haveNameMatching(".*[a-z](Impl|Utils?|Helper|Manager|Base|Data|DTO|Dto)(\\$.*)?")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .because("a name that fits every type explains nothing"));
    }

    @Test
    void gatewayNeverBlocks() {
        check(noClasses()
                .that()
                .resideInAPackage("io.atelier.gateway..")
                .should()
                .callMethodWhere(calls(
                        "reactor\\.core\\.publisher\\.(Mono|Flux)",
                        "block|blockOptional|blockFirst|blockLast|toFuture|toIterable|toStream"))
                .because("a blocked event loop serves no request"));
    }

    @Test
    void gatewayDoesNotUseDataBufferUtils() {
        check(noClasses()
                .should()
                .callMethodWhere(calls(
                        "org\\.springframework\\.core\\.io\\.buffer\\.DataBufferUtils",
                        "readInputStream|readByteChannel"))
                .because("with streams of S3 it mixed up bytes of different requests"));
    }

    @Test
    void beansAreWiredByConstructors() {
        check(fields().should()
                .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .andShould()
                .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .andShould()
                .notBeAnnotatedWith("jakarta.annotation.Resource")
                .andShould()
                .notBeAnnotatedWith("jakarta.inject.Inject")
                .because("constructors show the dependencies of a class, and settings are records"));
        check(noClasses()
                .should()
                .beAnnotatedWith("org.springframework.boot.autoconfigure.SpringBootApplication")
                .orShould()
                .beAnnotatedWith("org.springframework.context.annotation.ComponentScan")
                .because("a scan of one module must not find beans of another"));
    }

    @Test
    void timeComesFromAClockOrNanoTime() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.atelier.subscriber..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("waits that use the wall clock end too late or too early when it is set: use System.nanoTime"
                        + " for durations, and an injected Clock for the time of day"));
    }

    @Test
    void digestsAreMadeInOnePlace() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Sha256.class.getName())
                .and()
                // Downloads are checked while they arrive, and Git names a file by its SHA-1.
                .resideOutsideOfPackages(
                        "io.atelier.client..", "io.atelier.avatarsample..", "io.atelier.standalone.models.transfer..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(MessageDigest.class)
                .because("a digest of one's own differs sooner or later in encoding or letter case: use Sha256"));
    }

    @Test
    void oneFactoryMakesAllKafkaClients() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.atelier.messaging.KafkaClientFactory")
                .and()
                .resideOutsideOfPackages("io.atelier.subscriber..", "io.atelier.benchmark..")
                .should()
                .callMethodWhere(calls("org\\.apache\\.kafka\\.clients\\.admin\\..*", "create"))
                .orShould()
                .callConstructorWhere(
                        DescribedPredicate.describe(
                                "a constructor of a client",
                                call -> call.getTargetOwner()
                                        .getName()
                                        .matches(
                                                "org\\.apache\\.kafka\\.clients\\..*\\.Kafka\\w*(Consumer|Producer|AdminClient)")))
                .because("a client that does not take the settings of security cannot reach a secured Kafka"));
    }

    @Test
    void everyProcessRunsInTheRootLocale() {
        check(methods()
                .that()
                .haveName("main")
                .and()
                .areStatic()
                .should(callLocaleSetter())
                .because("libraries format numbers and change the case of words in the locale of whoever"
                        + " started the process"));
    }

    @Test
    void nothingDependsOnWhereAProcessIsStarted() {
        check(noClasses()
                .should()
                .callMethod(Locale.class, "getDefault")
                .orShould()
                .callMethod(ZoneId.class, "systemDefault")
                .orShould()
                .callMethod(TimeZone.class, "getDefault")
                .orShould()
                .callMethod(Charset.class, "defaultCharset")
                .because("the same input must give the same output on every machine"));
    }

    @Test
    void statesAndEventsArePure() {
        check(noClasses()
                .that(nameMatching(
                        "io\\.atelier\\..*\\.(JobState|OpenState|JobRecord|JobTask|TaskGraph|JobEvent)(\\$.*)?"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "org.slf4j..", "org.apache.kafka..", "java.io..", "java.nio..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethodWhere(calls("java\\.time\\..*", "now"))
                .because("the same events must give the same state at any time and place"));
    }

    @Test
    void streamTestsHaveATimeout() {
        var tests = tests();
        assertThat(tests).isNotEmpty();
        noClasses()
                .should()
                .callMethodWhere(calls("reactor\\.test\\.StepVerifier.*", "verifyComplete|verifyError.*|verifyTimeout"))
                .orShould()
                .callMethodWhere(
                        calls("reactor\\.test\\.StepVerifier.*", "verify").and(withoutParameters()))
                .because("without a timeout, a test of an endless stream never ends; use verify(Duration)")
                .allowEmptyShould(true)
                .check(tests);
    }

    private static void check(ArchRule rule) {
        rule.check(CODE);
    }

    private static DescribedPredicate<JavaMethodCall> calls(String owner, String names) {
        return DescribedPredicate.describe(
                "a call of " + owner + "." + names,
                call -> call.getTargetOwner().getName().matches(owner)
                        && call.getName().matches(names));
    }

    private static ArchCondition<JavaMethod> callLocaleSetter() {
        return new ArchCondition<>("make the root locale the default one") {
            @Override
            public void check(JavaMethod main, ConditionEvents events) {
                boolean called = main.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getName().equals("useRoot")
                                || call.getTargetOwner().isEquivalentTo(Locale.class));
                events.add(new SimpleConditionEvent(main, called, main.getFullName()));
            }
        };
    }

    private static DescribedPredicate<JavaMethodCall> withoutParameters() {
        return DescribedPredicate.describe(
                "without parameters",
                call -> call.getTarget().getRawParameterTypes().isEmpty());
    }

    private static JavaClasses production() {
        return new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
                .importPackages("io.atelier");
    }

    /** The compiled tests of all modules. */
    private static JavaClasses tests() {
        var root = Path.of("..", "..");
        var modules = Set.of(
                "common-contracts",
                "common-messaging",
                "common-storage",
                "common-http",
                "common-image",
                "common-worker",
                "pipeline-spi",
                "gateway",
                "generator-worker",
                "splitter-worker",
                "deploy/embedded",
                "deploy/avatar-sample",
                "deploy/sample-subscriber",
                "deploy/sample-subscriber-spring",
                "deploy/standalone");
        var folders = modules.stream()
                .map(module -> root.resolve(module).resolve("target/test-classes"))
                .filter(Files::isDirectory)
                .toList();
        return new ClassFileImporter().importPaths(folders);
    }
}
