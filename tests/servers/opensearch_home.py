"""The program files of an OpenSearch node, resolved from Maven packages: the project publishes no other small download.

They are installed once, in a directory below the system's temporary one that the account of the nodes can read.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

POM: Final = Path(__file__).with_name("opensearch.pom.xml")
VERSION: Final = re.findall(r"<opensearch.version>(.*?)<", POM.read_text("utf-8"))[0]
NOBODY: Final = 65534
"""The account that runs the nodes if the tests run as root, which OpenSearch refuses."""
_JAVA: Final = 21
"""The oldest version of Java that runs OpenSearch 3."""
_COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_MODULES: Final = (
    ("transport-netty4-client", "transport-netty4", "org.opensearch.transport.Netty4ModulePlugin", ""),
    ("lang-painless", "lang-painless", "org.opensearch.painless.PainlessModulePlugin", ""),
    (
        "analysis-common",
        "analysis-common",
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "lang-painless",
    ),
)
"""Jars that the server loads as modules: jar, name, class, and the module that it extends."""
_PAINLESS: Final = ("opensearch-scripting-painless-spi", "asm", "antlr4-runtime")
"""Prefixes of jars that belong to lang-painless: it reads its lists of allowed methods from there."""


@cache
def missing() -> str | None:
    """Why no node can run on this machine, or None if one can. Installs the program."""
    if shutil.which("mvn") is None:
        return "the tests of OpenSearch need Maven: apt-get install maven"
    if find_java() is None:
        return f"the tests of OpenSearch need Java {_JAVA} or newer: install one or set JAVA_HOME"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "the tests of OpenSearch need setpriv to leave the account root: apt-get install util-linux"
    try:
        install()
    except subprocess.CalledProcessError:
        return f"the tests of OpenSearch need its packages, which Maven cannot resolve: mvn -f {POM} validate"
    return None


def find_java() -> Path | None:
    """The program `java` of JAVA_HOME or of a package of the system, if it is recent enough."""
    given = os.environ.get("JAVA_HOME")
    homes = [Path(given)] if given else sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for java in (home / "bin" / "java" for home in homes):
        if java.exists():
            text = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', text)
            if version and int(version[1]) >= _JAVA:
                return java
    return None


def install() -> Path:
    """The directory of the program. The first call resolves 66 MB of jars, which takes 4 s once Maven has them."""
    home = Path(tempfile.gettempdir()) / f"letrics-opensearch-{VERSION}-{os.geteuid()}"
    home.mkdir(mode=0o755, exist_ok=True)
    if home.stat().st_uid != os.geteuid():
        raise PermissionError(f"{home} belongs to another user")
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            _fill(home)
            (home / "complete").touch()
    return home


def _fill(home: Path) -> None:
    lib = home / "lib"
    for name in ("lib", "modules", "plugins", "bin", "extensions", "archive"):
        shutil.rmtree(home / name, ignore_errors=True)
        (home / name).mkdir()
    if os.geteuid() == 0:
        os.chown(home / "archive", NOBODY, NOBODY)
    subprocess.run(
        ["mvn", "-q", "-B", "-f", POM, _COPY, "-DincludeScope=runtime", f"-DoutputDirectory={lib}"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    for unused in lib.glob("netty-codec-native-quic-*.jar"):  # HTTP/3 for other platforms
        unused.unlink()
    for jar, name, class_name, extends in _MODULES:
        module = home / "modules" / name
        module.mkdir()
        (lib / f"{jar}-{VERSION}.jar").rename(module / f"{jar}-{VERSION}.jar")
        (module / "plugin-descriptor.properties").write_text(
            f"name={name}\ndescription={name}\nversion={VERSION}\nopensearch.version={VERSION}\njava.version={_JAVA}\n"
            f"classname={class_name}\nextended.plugins={extends}\nhas.native.controller=false\n"
        )
    for prefix in _PAINLESS:
        for found in lib.glob(f"{prefix}*.jar"):
            found.rename(home / "modules" / "lang-painless" / found.name)
