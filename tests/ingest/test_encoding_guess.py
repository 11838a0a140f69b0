"""Guesses of encodings, from short texts with a few letters beyond ASCII."""

from __future__ import annotations

import pytest

from letrics.ingest.encoding_guess import guess_encoding

TEXTS = {
    "cp1252": [
        "email,full_name\na@x.example,Ann Dréger\nb@x.example,Bob\nc@x.example,Çem Öz\n",
        "name,city\nMüller,Köln\nGroß,Nürnberg\nBäckerei,Zürich – Altstadt\n",
        "nom,ville\nFrançois Lefèvre,Orléans\nHélène,Béziers\n",
        "nombre\nJosé Núñez\nMaría Muñoz\n",
        "name\nPat O’Brien\n",
        "nome\nJoão Conceição\n",
        "Correo electrónico;País;Nº de empleados;Año\nx@x.example;España;1º;Íñigo Ibáñez Muñoz\n",
        "Nombre;Nº de empleados\nMª Muñoz;3\n",
        "Empresa;N.º de funcionários\nPadaria São João;3\n",
    ],
    "mac-roman": [
        "name,city\nMüller,Köln\nGroß,Nürnberg\nBäckerei,Zürich – Altstadt\n",
        "nom,ville\nFrançois Lefèvre,Orléans\nHélène,Béziers\n",
    ],
    "cp1250": [
        "imię,miasto\nŁukasz Żak,Gdańsk\nGrzegorz Brzęczyszczykiewicz,Łódź\n",
        "imię;numer\nWąs Śliwa;Nş 1\n",
        "nume,oraş\nŞtefan Popeşti,Timişoara\n",
        "jméno\nJiří Dvořák,České Budějovice\nŠárka Nováková,Plzeň\n",
    ],
    "cp1254": ["ad,şehir\nMehmet Yılmaz,İstanbul\nAyşe Güneş,Muğla\n"],
    "cp1251": ["имя,город\nИван Петров,Москва\nОльга Сидорова,Казань\n", "email,name\na@x.example,Иван Петров\n"],
    "koi8-r": ["имя,город\nИван Петров,Москва\nОльга Сидорова,Казань\n"],
    "cp1253": ["όνομα,πόλη\nΓιώργος Παπαδόπουλος,Αθήνα\n"],
    "shift_jis": ["名前,会社\n山田太郎,株式会社テスト\n鈴木一郎,東京商事\n"],
    "euc_kr": ["이름,회사\n김철수,삼성전자\n이영희,현대자동차\n"],
    "gb18030": ["姓名,公司\n王小明,北京科技有限公司\n李雷,上海贸易公司\n"],
    "big5": ["姓名,公司\n王小明,台灣科技股份有限公司\n李雷,台北貿易公司\n"],
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_encoding_of_a_short_text_is_guessed(encoding: str, text: str) -> None:
    assert guess_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize("data", [b"", b"plain text\n", bytes(range(128, 256))])
def test_encoding_of_no_text_is_not_guessed(data: bytes) -> None:
    assert guess_encoding(data) is None
