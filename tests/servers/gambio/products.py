"""What the shop sells and how much is there: products (API v2), variants and options (API v3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .kinds import Article
from .lists import check_words, page_of, paged, slim
from .wire import Json, Reply, Request, ShopError

if TYPE_CHECKING:
    from .shop import Shop

PAGING = {"page", "per_page", "sort", "fields", "q", "search", "disable_links"}
V3_WORDS = {"page", "per-page", "sort", "fields"}
PUT_FIELDS = {"quantity": (int, float), "isActive": (bool,)}
DEFAULT, PRODUCT, COMBINATION = 0, 1, 2


@dataclass
class Product:
    """One product. ``variants`` and ``options`` are (number, stock) by their ids."""

    number: int
    model: str
    name: str = ""
    price: Decimal = Decimal(10)
    quantity: float = 0
    active: bool = True
    ean: str = ""
    check_mode: int = DEFAULT
    variants: dict[int, tuple[str, float]] = field(default_factory=dict)
    options: dict[int, tuple[str, float]] = field(default_factory=dict)

    def listing(self) -> Json:
        """The short record: its name is one text."""
        return {
            **self._common(),
            "name": self.name,
            "image": "",
            "imageAltText": "",
            "urlKeywords": self.model.lower(),
            "specialOfferId": 0,
            "_links": {"taxClass": "http://shop.example/api.php/v2/tax_classes/1"},
        }

    def record(self) -> Json:
        """All of it: its name is a text in each language."""
        texts = ("description", "shortDescription", "keywords", "metaTitle", "metaDescription")
        more = ("metaKeywords", "url", "infoUrl", "urlKeywords", "checkoutInformation")
        return {
            **self._common(),
            "name": {"en": self.name, "de": self.name},
            **{key: {"en": "", "de": ""} for key in (*texts, *more)},
            "viewedCount": {"en": 0, "de": 0},
            "images": [],
            "addonValues": {"productsImageWidth": "150", "productsImageHeight": "150"},
            "settings": {"propertiesCombisQuantityCheckMode": self.check_mode, "priceStatus": 0},
        }

    def _common(self) -> Json:
        return {
            "id": self.number,
            "isActive": self.active,
            "sortOrder": 0,
            "dateAdded": "2026-01-01 10:00:00",
            "dateAvailable": "1000-01-01 00:00:00",
            "lastModified": "2026-11-01 10:00:00",
            "orderedCount": 0,
            "productModel": self.model,
            "ean": self.ean,
            "price": float(round(self.price / Decimal("1.19"), 4)),
            "discountAllowed": 0,
            "taxClassId": 1,
            "quantity": self.quantity,
            "weight": 0,
            "shippingCosts": 0,
            "shippingTimeId": 1,
            "productTypeId": 1,
            "manufacturerId": 0,
            "quantityUnitId": 0,
            "isFsk18": False,
            "isVpeActive": False,
            "vpeId": 0,
            "vpeValue": 0,
            "mainCategoryId": 1,
        }

    def parts(self, kind: str) -> dict[int, tuple[str, float]]:
        """Variants or options."""
        return self.variants if kind == "variants" else self.options


def make_products(catalogue: Iterable[Article], stock: float = 25, first: int = 1) -> list[Product]:
    """Return the products behind a catalogue; articles with options are variants of one."""
    found: dict[str, Product] = {}
    variants = 1
    articles = list(catalogue)
    families: dict[str, list[Article]] = {}
    for article in articles:
        key = f"+{article.name}" if article.options else article.sku
        families.setdefault(key, []).append(article)
    for key, family in families.items():
        one = family[0]
        model = _shared([article.sku for article in family]) if one.options else one.sku
        product = Product(first + len(found), model, one.name, one.price, stock)
        for article in family if one.options else ():
            product.variants[variants] = (article.sku.removeprefix(f"{model}-"), stock)
            variants += 1
        found[key] = product
    return list(found.values())


def _shared(skus: list[str]) -> str:
    """The product's number of some variants: the pieces they share, at least the first."""
    pieces = [sku.split("-") for sku in skus]
    shared: list[str] = []
    for step in zip(*pieces, strict=False):
        if len(set(step)) > 1 or len(shared) + 1 == min(map(len, pieces)):
            break
        shared.append(step[0])
    return "-".join(shared or pieces[0][:1])


# -- API v2 -----------------------------------------------------------------


def products(shop: Shop, request: Request) -> Reply:
    """``GET products``."""
    check_words(shop, request, PAGING)
    rows = [shop.products[number].listing() for number in sorted(shop.products)]
    keyword = request.query.get("q") or request.query.get("search")
    if keyword:
        rows = [row for row in rows if keyword.lower() in str(row).lower()]
    return paged(rows, request)


def product(shop: Shop, request: Request) -> Reply:
    """``GET products/ID``."""
    check_words(shop, request, PAGING)
    return Reply(body=slim([_find(shop, request).record()], request)[0])


def search_products(shop: Shop, request: Request) -> Reply:
    """``POST products/search``: equality with the product's number, which is what is needed."""
    search = request.json("Search").get("search", {})
    if set(search) != {"match"} or set(search["match"]) != {"products.products_model"}:
        raise ShopError(400, "Invalid search condition provided.")
    wanted = search["match"]["products.products_model"]
    rows = [one.listing() for one in shop.products.values() if one.model == wanted]
    return Reply(body=page_of(rows, request)[0])


def put_product(shop: Shop, request: Request) -> Reply:
    """``PUT products/ID``: whatever is sent changes, the rest stays."""
    return Reply(body=_update(shop, _find(shop, request), request.json("Product")).record())


def put_products(shop: Shop, request: Request) -> Reply:
    """``PUT products`` with a list: the good ones are saved although others fail."""
    rows = request.json("Product")
    if not isinstance(rows, list):
        shop.violations.append("PUT products wants a list")
        raise ShopError(500, "Argument 1 must be of the type array", 0)
    affected, failed = [], []
    for row in rows:
        try:
            body = {key: value for key, value in row.items() if key != "id"}
            affected.append(_update(shop, _known(shop, row["id"]), body).record())
        except ShopError as error:
            stack = "#0 /srv/shop/GXMainComponents/Controllers/Api/v2/Products.php(512)"
            failed.append({"errorMessage": str(error), "stacktrace": stack})
    return Reply(body={"affected": affected, "errors": failed})


def _find(shop: Shop, request: Request) -> Product:
    number = request.parts[1]
    return _known(shop, int(number) if number.isdigit() else 0)


def _known(shop: Shop, number: int) -> Product:
    if number not in shop.products:
        raise ShopError(500, f"The requested Product was not found in database (ID:{number})", 0)
    return shop.products[number]


def _update(shop: Shop, found: Product, body: Json) -> Product:
    """Check the types as PHP does, then change what is named."""
    for key, value in body.items():
        kinds = PUT_FIELDS.get(key)
        if kinds is None:
            shop.violations.append(f"a product's {key!r} is changed")
        elif not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            shop.violations.append(f"{key} = {value!r}")
            raise ShopError(500, f"Argument 1 must be of the type {kinds[-1].__name__}", 0)
    found.quantity = body.get("quantity", found.quantity)
    found.active = body.get("isActive", found.active)
    shop.figures["products"] += 1
    return found


# -- API v3 -----------------------------------------------------------------


def parts(shop: Shop, request: Request) -> Reply:
    """``GET/PATCH v3 products/ID/variants`` and ``.../options``."""
    _v3, _products, number, kind = request.v3_parts
    if not number.isdigit():
        shop.violations.append(f"{number!r} is not a product's number")
        return Reply(404, {"errors": [["Not found."]]})
    found = shop.products.get(int(number)) or Product(int(number), "")
    if request.method == "PATCH":
        return _patch(shop, found, kind, request.json("Stock"))
    check_words(shop, request, V3_WORDS)
    rows = [_part(kind, key, *value) for key, value in sorted(found.parts(kind).items())]
    size, page = int(request.query.get("per-page", 25)), int(request.query.get("page", 1))
    pages = max(1, -(-len(rows) // size))
    meta = {"page": page, "perPage": size, "totalItems": len(rows), "totalPages": pages}
    return Reply(
        body={"data": rows[(page - 1) * size : page * size], "_meta": {**meta, "links": {}}}
    )


def _patch(shop: Shop, found: Product, kind: str, rows: Any) -> Reply:
    """Change stocks: all of them or none."""
    word = "Variant" if kind == "variants" else "Option"
    if not isinstance(rows, list):
        shop.violations.append(f"PATCH {kind} wants a list")
        return Reply(422, {"errors": [["The body is not valid."]]})
    known = found.parts(kind)
    problems = []
    for row in rows:
        if row.get("id") not in known:
            problems.append([f"{word} with ID {row.get('id')} does not exist."])
        if set(row) != {"id", "stock"} or not _is_figure(row["stock"]):
            shop.violations.append(f"PATCH {kind} with {row}")
            problems.append(["The body is not valid."])
    if problems:
        return Reply(422, {"errors": problems})
    for row in rows:
        known[row["id"]] = (known[row["id"]][0], row["stock"])
        shop.figures[kind] += 1
    return Reply(204)


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _part(kind: str, number: int, model: str, stock: float) -> Json:
    """One variant or option; the kind of its stock reads the same whatever is set."""
    common = {"id": number, "modelNumber": model, "stock": stock, "stockType": "not-managed"}
    common |= {"sortOrder": 1, "weight": 0, "price": 0, "imageListId": None}
    if kind == "options":
        return {**common, "optionId": 9, "optionValueId": number}
    return {
        **common,
        "combination": [{"optionId": 1, "optionValueId": number}],
        "GTIN": "", "ASIN": "", "EAN": "", "weightType": "adding", "priceType": "adding",
        "vpeScalarValue": 0, "vpeUnitId": 0, "deliveryTimeId": 1,
    }  # fmt: skip


def sell(shop: Shop, model: str, quantity: float) -> None:
    """Lower the stock of what was bought, as the checkout does."""
    for one in shop.products.values():
        if one.model == model:
            one.quantity -= quantity
        for key, (part, stock) in one.variants.items():
            if f"{one.model}-{part}" == model:
                one.variants[key] = (part, stock - quantity)
                one.quantity -= quantity
