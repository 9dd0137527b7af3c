package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Rules for the dependencies that the modules' POMs declare. */
class ModuleDependencyTests {

    /** Maven takes the nearest declaration: such a library is missing from the executable jar, and no test on the class path sees it. */
    @Test
    @DisplayName("no module declares for its tests what a module that it needs brings along for all")
    void noTestScopeHidesALibraryOfAnotherModule() throws IOException {
        var modules = modules();

        for (var module : modules.values()) {
            var inherited = new HashSet<String>();
            module.needed().forEach(needed -> collect(modules, needed, inherited));

            assertThat(module.forTestsOnly())
                    .as(module.name())
                    .filteredOn(inherited::contains)
                    .isEmpty();
        }
        assertThat(modules).hasSizeGreaterThan(10);
    }

    /** The build refuses other versions of libraries only where it resolves them, and takes them from these files. */
    @Test
    @DisplayName(
            "every version in a POM is a fixed one, of a library, a plugin or what a plugin needs; only the project itself is a snapshot")
    void everyVersionIsFixed() throws IOException {
        var versions = new ArrayList<String>();
        for (var pom : poms()) {
            versions.addAll(versions(project(pom)));
        }

        assertThat(versions)
                .hasSizeGreaterThan(50)
                .allSatisfy(
                        version -> assertThat(version)
                                .matches(
                                        "0\\.1\\.0-SNAPSHOT|\\$\\{[\\w.-]+}|(?!.*(SNAPSHOT|LATEST|RELEASE$))[\\w.-]*\\d[\\w.-]*"));
    }

    /** Those of dependencies and plugins and the properties that name versions, but not the bounds for Maven and Java themselves. */
    private static List<String> versions(Element project) {
        var all = project.getElementsByTagName("*");
        return IntStream.range(0, all.getLength())
                .mapToObj(all::item)
                .filter(element -> element.getNodeName().equals("version")
                        || element.getNodeName().endsWith(".version"))
                .filter(element -> !element.getParentNode().getNodeName().startsWith("require"))
                .map(element -> element.getTextContent().strip())
                .toList();
    }

    private static void collect(Map<String, Module> modules, String artifact, Set<String> collected) {
        var module = modules.get(artifact);
        if (module == null) {
            return;
        }
        for (var needed : module.needed()) {
            if (collected.add(needed)) {
                collect(modules, needed, collected);
            }
        }
    }

    private static Map<String, Module> modules() throws IOException {
        return poms().stream()
                .map(ModuleDependencyTests::read)
                .collect(Collectors.toMap(Module::name, module -> module));
    }

    private static List<Path> poms() throws IOException {
        try (var files = Files.find(Path.of("..", ".."), 3, (file, attributes) -> file.endsWith("pom.xml"))) {
            return files.toList();
        }
    }

    private static Module read(Path pom) {
        var project = project(pom);
        return new Module(
                text(project, "artifactId"),
                dependencies(project, scope -> !scope.equals("test")),
                dependencies(project, scope -> scope.equals("test")));
    }

    private static Element project(Path pom) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getDocumentElement();
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("cannot read " + pom, e);
        }
    }

    private static Set<String> dependencies(Element project, Predicate<String> scope) {
        return children(project, "dependencies")
                .flatMap(all -> children(all, "dependency"))
                // The classes that a module keeps for tests are another artifact than the module.
                .filter(dependency -> text(dependency, "type").isEmpty())
                .filter(dependency -> scope.test(text(dependency, "scope")))
                .map(dependency -> text(dependency, "artifactId"))
                .collect(Collectors.toSet());
    }

    private static String text(Element parent, String name) {
        return children(parent, name).map(Element::getTextContent).findFirst().orElse("");
    }

    private static Stream<Element> children(Element parent, String name) {
        var nodes = parent.getChildNodes();
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1)
                .map(nodes::item)
                .filter(node -> node.getNodeName().equals(name))
                .map(Element.class::cast);
    }

    private record Module(String name, Set<String> needed, Set<String> forTestsOnly) {}
}
