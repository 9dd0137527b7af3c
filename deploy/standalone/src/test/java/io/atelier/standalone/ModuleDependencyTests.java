package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
        try (var files = Files.find(Path.of("..", ".."), 3, (file, attributes) -> file.endsWith("pom.xml"))) {
            return files.map(ModuleDependencyTests::read).collect(Collectors.toMap(Module::name, module -> module));
        }
    }

    private static Module read(Path pom) {
        try {
            var project = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getDocumentElement();
            return new Module(
                    text(project, "artifactId"),
                    dependencies(project, scope -> !scope.equals("test")),
                    dependencies(project, scope -> scope.equals("test")));
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
