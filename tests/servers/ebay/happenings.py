"""What becomes of an order, and how eBay writes times and amounts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from .wire import Json


def stamp(when: datetime) -> str:
    """Return a time as eBay writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def money(value: Decimal) -> Json:
    """Return an amount as eBay writes it."""
    return {"value": str(value.quantize(Decimal("0.01"), ROUND_HALF_UP)), "currency": "EUR"}


def request_cancellation(order: Json, when: datetime) -> None:
    """Let the buyer ask for a cancellation."""
    order["cancelStatus"] = {
        "cancelState": "IN_PROGRESS",
        "cancelRequests": [
            {
                "cancelRequestId": f"53{order['salesRecordReference']}",
                "cancelInitiator": "Buyer",
                "cancelReason": "order placed by mistake",
                "cancelRequestedDate": stamp(when),
                "cancelRequestState": "REQUESTED",
            }
        ],
    }


def cancel(order: Json, when: datetime) -> None:
    """Cancel an order and give the money back."""
    order["orderPaymentStatus"] = "FULLY_REFUNDED"
    status = order["cancelStatus"]
    status |= {"cancelState": "CANCELED", "cancelledDate": stamp(when)}
    for request in status["cancelRequests"]:
        request["cancelRequestState"] = "COMPLETED"
    refund = {"amount": order["pricingSummary"]["total"], "refundStatus": "REFUNDED"}
    order["paymentSummary"]["refunds"] = [refund]
