"""A city's pack: found, read, checked, loaded. Importing this needs no Django; `load` does."""

from haihe.project.pack.find import CITIES, NoCity, pack_folder, read_city, systems_on
from haihe.project.pack.texts import text_of, texts

__all__ = ["CITIES", "NoCity", "pack_folder", "read_city", "systems_on", "text_of", "texts"]
