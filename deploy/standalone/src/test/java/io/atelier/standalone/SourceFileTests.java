package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.MainSources.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules for the main source files of all modules. */
class SourceFileTests {

    private static final int MAX_LINES = 300;

    /** A name in code style that begins with a capital and has a small letter; what follows a dot is a member. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)*`");

    /** A constraint with all its members; a parenthesis in a text does not end it. */
    private static final Pattern VALUE_PATTERN = Pattern.compile("@Pattern\\((?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\")])*\\)");

    @Test
    @DisplayName("simple names of main types are unique in the whole project")
    void simpleNamesOfMainTypesAreUnique() {
        var byName = MainSources.types().stream().collect(Collectors.groupingBy(SourceFile::typeName));

        var duplicates = byName.values().stream()
                .filter(files -> files.size() > 1)
                .map(files -> files.stream().map(SourceFile::path).toList())
                .toList();

        assertThat(duplicates).isEmpty();
    }

    @Test
    @DisplayName("every package has a package-info with @NullMarked")
    void everyPackageIsNullMarked() {
        var marked = MainSources.all().stream()
                .filter(SourceFile::isPackageInfo)
                .filter(file -> file.text().contains("@NullMarked"))
                .map(SourceFile::folder)
                .toList();

        var packages = MainSources.types().stream().map(SourceFile::folder).distinct();

        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(marked).contains(folder));
    }

    @Test
    @DisplayName("no main file is longer than 300 lines")
    void noMainFileIsTooLong() {
        List<String> tooLong = MainSources.all().stream()
                .filter(file -> file.text().lines().count() > MAX_LINES)
                .map(file -> file.path() + ": " + file.text().lines().count() + " lines")
                .toList();

        assertThat(tooLong).isEmpty();
    }

    @Test
    @DisplayName("every pattern of a value has a message: the one that it has otherwise shows the regular expression")
    void patternsOfValuesHaveMessages() {
        var uses = MainSources.types().stream()
                .flatMap(file ->
                        VALUE_PATTERN.matcher(file.text()).results().map(use -> file.path() + ": " + use.group()))
                .toList();

        assertThat(uses).hasSizeGreaterThan(10).allMatch(use -> use.contains("message ="));
    }

    @Test
    @DisplayName("every type in the table 'Where is it decided?' exists")
    void typesInTheArchitecturePageExist() throws IOException {
        var page = Files.readString(Path.of("..", "..", "docs", "architecture.md"));
        var table = page.substring(page.indexOf("## Where is it decided?"));

        var named = TYPE.matcher(table).results().map(name -> name.group(1)).collect(Collectors.toSet());

        assertThat(named).hasSizeGreaterThan(40);
        assertThat(MainSources.types().stream().map(SourceFile::typeName)).containsAll(named);
    }
}
