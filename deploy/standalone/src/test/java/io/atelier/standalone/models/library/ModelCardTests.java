package io.atelier.standalone.models.library;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelCardTests {

    @Test
    void licenseIsInTheFrontMatterOnly() {
        assertThat(ModelCard.license("---\ntags:\n- x\nlicense: apache-2.0\n---\n# Model"))
                .contains("apache-2.0");
        assertThat(ModelCard.license("---\r\nlicense: \"openrail++\"\r\n---\r\n"))
                .contains("openrail++");
        assertThat(ModelCard.license("---\ntags: [x]\n---\nlicense: mit\n")).isEmpty();
        assertThat(ModelCard.license("# Model\n---\nlicense: mit\n---\n")).isEmpty();
        assertThat(ModelCard.license("")).isEmpty();
    }

    @Test
    void licenseWithoutAnIdHasAName() {
        assertThat(ModelCard.license("---\nlicense: other\nlicense_name: flux-1-dev-non-commercial-license\n"
                        + "license_link: LICENSE.md\n---\n"))
                .contains("flux-1-dev-non-commercial-license");
        assertThat(ModelCard.license("---\nlicense: other\n---\n")).contains("other");
    }

    @Test
    void firstOfSeveralLicensesCounts() {
        assertThat(ModelCard.license("---\nlicense:\n- mit\n- apache-2.0\n---\n"))
                .contains("mit");
        assertThat(ModelCard.license("---\nlicense:\ntags: [x]\n---\n")).isEmpty();
    }
}
